/// What a backend is made of: [io.fanwise.spi.Backend] describes workers, [io.fanwise.spi.Workers]
/// are the running thing, [io.fanwise.spi.Call] is what they run.
@NullMarked
package io.fanwise.spi;

import org.jspecify.annotations.NullMarked;

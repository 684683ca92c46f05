/// Fanwise and what one would use instead of it, side by side: one process runs one peer in one
/// case.
@NullMarked
package io.fanwise.bench.peers;

import org.jspecify.annotations.NullMarked;

/// What `fan` writes: results and failures, one record for each input, to a file or standard
/// output.
@NullMarked
package io.fanwise.cli.output;

import org.jspecify.annotations.NullMarked;

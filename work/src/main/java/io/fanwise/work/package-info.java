/// What travels to a worker and runs there: [io.fanwise.work.Task], [io.fanwise.work.Batch] and
/// what became of each input, [io.fanwise.work.Outcome].
@NullMarked
package io.fanwise.work;

import org.jspecify.annotations.NullMarked;

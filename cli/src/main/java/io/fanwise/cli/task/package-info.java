/// What `fan map` runs: an expression, a `.java` file or a class, made into a task.
@NullMarked
package io.fanwise.cli.task;

import org.jspecify.annotations.NullMarked;

/// What `fan` reads: files or standard input, as rows that a task is given one by one.
@NullMarked
package io.fanwise.cli.input;

import org.jspecify.annotations.NullMarked;

/// Runs one function over very many inputs: [io.fanwise.Fan] is the one class to know.
@NullMarked
package io.fanwise;

import org.jspecify.annotations.NullMarked;

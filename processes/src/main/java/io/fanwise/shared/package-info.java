/// Memory and state that tasks share, in whatever JVM they run.
@NullMarked
package io.fanwise.shared;

import org.jspecify.annotations.NullMarked;

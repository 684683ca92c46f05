/// What runs in a worker JVM. It needs nothing but the JDK and [io.fanwise.work].
@NullMarked
package io.fanwise.processes.worker;

import org.jspecify.annotations.NullMarked;

/// Memory and state that tasks share, in whatever JVM of this host they run.
///
/// ## Arrays
///
/// [SharedBytes], [SharedInts], [SharedLongs] and [SharedDoubles] are arrays in memory that all
/// JVMs map. When one is captured by a task, or is an input or a result, only word of it travels:
/// where it is. A worker maps it once.
///
/// It lives in memory that the system takes back when the JVM that made it ends, however that
/// happens. Close it after the last run that uses it; if that is forgotten, it ends when nobody
/// refers to it. The JVM that made it owns it: it can be opened elsewhere as long as that one runs
/// and has not closed it. So make it where the run is started, not inside a task. Closing a slice,
/// or one that came from another JVM, does nothing.
///
/// ## State
///
/// [Shared] makes queues, pipes, locks and other state.
@NullMarked
package io.fanwise.shared;

import org.jspecify.annotations.NullMarked;

package io.fanwise.work;

import java.time.Duration;

/// An attempt ran longer than it was allowed to.
///
/// Its stack trace is where the task stood when its time was up, so it shows what it was waiting
/// for.
public final class TaskTimedOut extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// One attempt that took too long.
  ///
  /// @param limit the time an attempt may take
  /// @param worker who ran it
  /// @param ignored whether it ignored the interrupt and its worker had to be given up
  /// @param trace where it stood
  TaskTimedOut(Duration limit, String worker, boolean ignored, StackTraceElement[] trace) {
    super(message(limit, worker, ignored));
    setStackTrace(trace);
  }

  private static String message(Duration limit, String worker, boolean ignored) {
    String text =
        "timed out after " + limit.toString().substring(2).toLowerCase(java.util.Locale.ROOT);
    return ignored
        ? text + "; it ignored the interrupt, so worker " + worker + " was abandoned and replaced"
        : text;
  }
}

package io.fanwise.work;

import java.time.Duration;
import java.util.Locale;

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

  private TaskTimedOut(String message, StackTraceElement[] trace) {
    super(message);
    setStackTrace(trace);
  }

  /// One attempt whose worker did not even notice that its time was up, so that it was killed.
  ///
  /// @param limit the time an attempt may take
  /// @param worker who ran it
  /// @return the error; without a stack trace, as nobody was there to ask
  public static TaskTimedOut killed(Duration limit, String worker) {
    return new TaskTimedOut(
        "timed out after "
            + text(limit)
            + "; worker "
            + worker
            + " did not answer any more, so it was killed and replaced",
        new StackTraceElement[0]);
  }

  /// One attempt that ignored the interrupt, so that its worker, a process, was ended.
  ///
  /// @param limit the time an attempt may take
  /// @param worker who ran it
  /// @param trace where it stood
  /// @return the error
  public static TaskTimedOut killed(Duration limit, String worker, StackTraceElement[] trace) {
    return new TaskTimedOut(ignored(limit, worker, "killed"), trace);
  }

  private static String text(Duration limit) {
    return limit.toString().substring(2).toLowerCase(Locale.ROOT);
  }

  private static String message(Duration limit, String worker, boolean ignored) {
    return ignored ? ignored(limit, worker, "abandoned") : "timed out after " + text(limit);
  }

  private static String ignored(Duration limit, String worker, String fate) {
    return "timed out after "
        + text(limit)
        + "; it ignored the interrupt, so worker "
        + worker
        + " was "
        + fate
        + " and replaced";
  }
}

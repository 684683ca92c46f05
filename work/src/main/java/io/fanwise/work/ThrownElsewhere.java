package io.fanwise.work;

import org.jspecify.annotations.Nullable;

/// What a task threw in another JVM, in words, because it could not be rebuilt here.
///
/// Its class may be missing here, or some part of it may not be serializable. Its stack trace is
/// where it was thrown; causes and suppressed exceptions are told likewise.
public final class ThrownElsewhere extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// The name of its class.
  private final String className;

  /// What it said.
  private final @Nullable String text;

  /// What was thrown, in words.
  ///
  /// @param className the name of its class
  /// @param text what it said, if anything
  /// @param trace where it was thrown
  /// @param cause why, if anybody knows
  public ThrownElsewhere(
      String className,
      @Nullable String text,
      StackTraceElement[] trace,
      @Nullable Throwable cause) {
    super(text == null ? className : className + ": " + text, cause);
    this.className = className;
    this.text = text;
    setStackTrace(trace);
  }

  /// The class of what was thrown.
  ///
  /// @return its name
  public String className() {
    return className;
  }

  /// What was said, without the name of the class.
  ///
  /// @return the message of what was thrown, or an empty one
  public String text() {
    return text == null ? "" : text;
  }
}

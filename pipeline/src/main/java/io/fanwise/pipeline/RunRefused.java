package io.fanwise.pipeline;

/// A run that is not begun, or not gone on with, because something would be lost or mixed up:
/// another process is at it, the inputs are others than before, an output was changed. Nothing has
/// been touched. The message says what differs, and what to do.
public final class RunRefused extends IllegalStateException {
  private static final long serialVersionUID = 1;

  /// The kind of reason.
  private final Reason reason;

  /// The message without its last part.
  private final String what;

  /// Why it is refused.
  public enum Reason {
    /// Another process is at it.
    IN_USE,
    /// The inputs, the task or the outputs are others than when it was begun.
    CHANGED,
    /// An output is there already, and of no run.
    OUTPUT_THERE,
    /// An output, or the state, is not as it was left.
    DAMAGED
  }

  /// An output or the state is not as it was left.
  ///
  /// @param message what differs, and what to do
  public RunRefused(String message) {
    this(Reason.DAMAGED, message, "");
  }

  RunRefused(String message, Throwable cause) {
    this(message);
    initCause(cause);
  }

  /// @param cure what to do, with what stands between
  RunRefused(Reason reason, String what, String cure) {
    super(what + cure);
    this.reason = reason;
    this.what = what;
  }

  /// Why it is refused.
  ///
  /// @return the kind of reason
  public Reason reason() {
    return reason;
  }

  /// What was wrong, without what to do about it.
  ///
  /// @return the first part of the message
  public String what() {
    return what;
  }
}

package io.fanwise.pipeline;

/// A run that is not begun, or not gone on with, because something would be lost or mixed up:
/// another process is at it, the inputs are others than before, an output was changed. Nothing has
/// been touched. The message says what differs, and what to do.
public final class RunRefused extends IllegalStateException {
  private static final long serialVersionUID = 1;

  /// Says why.
  ///
  /// @param message what differs, and what to do
  public RunRefused(String message) {
    super(message);
  }

  RunRefused(String message, Throwable cause) {
    super(message, cause);
  }
}

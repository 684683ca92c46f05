package io.fanwise.codec;

/// A value that cannot get from one JVM to another; its message says which part of it, and what to
/// do.
public final class CannotTravel extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// A value that cannot travel, for a reason of its own.
  ///
  /// @param message which part of it, why, and what to do
  public CannotTravel(String message) {
    super(message);
  }

  /// A value that cannot travel because something was thrown.
  ///
  /// @param message which part of it, why, and what to do
  /// @param cause what was thrown
  public CannotTravel(String message, Throwable cause) {
    super(message, cause);
  }
}

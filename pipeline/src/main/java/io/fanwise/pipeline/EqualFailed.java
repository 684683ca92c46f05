package io.fanwise.pipeline;

/// An input has failed because an equal one has.
final class EqualFailed extends Exception {
  private static final long serialVersionUID = 1;

  /// @param message which, and why
  EqualFailed(String message) {
    super(message, null, false, false);
  }
}

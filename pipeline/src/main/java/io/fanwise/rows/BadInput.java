package io.fanwise.rows;

/// An input that cannot be read as it should be.
///
/// The message is a sentence for the user: the file, the line where there is one, what is wrong,
/// and what to do.
public final class BadInput extends RuntimeException {

  /// An input that cannot be read.
  ///
  /// @param message a sentence for the user
  public BadInput(String message) {
    super(message);
  }

  BadInput(String message, Throwable cause) {
    super(message, cause);
  }
}

package io.fanwise.cli.output;

import java.io.IOException;

/// An output that cannot be written.
///
/// The message is a sentence for the user: the file, what is wrong, and what to do.
public final class BadOutput extends RuntimeException {

  BadOutput(String message) {
    super(message);
  }

  BadOutput(String message, Throwable cause) {
    super(message, cause);
  }

  /// {@return whether whoever read the pipe went away, as `| head` does: a reason to stop quietly}
  public boolean brokenPipe() {
    return getCause() instanceof IOException e && isBrokenPipe(e);
  }

  /// {@return whether an error of a stream says that nobody reads it any more}
  ///
  /// @param e the error
  public static boolean isBrokenPipe(IOException e) {
    String message = "" + e.getMessage();
    return message.contains("Broken pipe")
        || message.contains("pipe is being closed") // Windows
        || message.contains("pipe has been ended"); // Windows too
  }
}

package io.fanwise.cli.output;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

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

  /// Says why a file cannot be written.
  ///
  /// @param file the file
  /// @param e what came of trying
  /// @return the error
  public static BadOutput of(Path file, IOException e) {
    String reason =
        switch (e) {
          case NoSuchFileException _ -> "no such directory";
          case AccessDeniedException _ -> "no permission";
          case IOException _ when Files.isDirectory(file) -> "it is a directory";
          default -> "" + e.getMessage();
        };
    return new BadOutput("Cannot write %s: %s".formatted(file, reason), e);
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

package io.fanwise.cli.task;

/// A task that cannot be made of what the user wrote.
///
/// The message is for the user, as it is: a sentence, or what the compiler says, with the user's
/// own lines.
public final class BadTask extends RuntimeException {

  BadTask(String message) {
    super(message);
  }

  BadTask(String message, Throwable cause) {
    super(message, cause);
  }
}

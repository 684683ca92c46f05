package io.fanwise.http;

import java.util.OptionalInt;

/// A call of a web service that came to nothing. The message is a sentence in which no secret is to
/// be seen.
public final class HttpFailed extends Exception {
  private static final long serialVersionUID = 1;

  /// What is to be done about it.
  public enum Kind {
    /// It may pass: another attempt is worth its while, and can do no harm.
    PASSING,
    /// The same call would fail again, or might do twice what must be done once.
    FINAL,
    /// It is not this input: the key is wrong, or the account may not do that. Others will fail
    /// too.
    STOP
  }

  private final Kind kind;
  private final int status;

  HttpFailed(Kind kind, int status, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.status = status;
  }

  HttpFailed(Kind kind, int status, String message) {
    super(message);
    this.kind = kind;
    this.status = status;
  }

  /// What is to be done about it.
  ///
  /// @return its kind
  public Kind kind() {
    return kind;
  }

  /// Whether another attempt is worth its while.
  ///
  /// @return whether its kind is [Kind#PASSING]
  public boolean retryable() {
    return kind == Kind.PASSING;
  }

  /// What the service answered.
  ///
  /// @return the status; empty if there was no answer
  public OptionalInt status() {
    return status == 0 ? OptionalInt.empty() : OptionalInt.of(status);
  }
}

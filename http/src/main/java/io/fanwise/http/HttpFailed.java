package io.fanwise.http;

import io.fanwise.work.EndsRun;
import java.util.OptionalInt;

/// A call of a web service that came to nothing. The message is a sentence in which no secret is to
/// be seen.
///
/// ```java
/// Fan.virtualThreads(200).retry(Retry.times(5).notOn(HttpFailed::isFinal))
/// ```
public final class HttpFailed extends RuntimeException implements EndsRun {
  private static final long serialVersionUID = 1;

  /// What is to be done about it.
  public enum Kind {
    /// It may pass: another attempt is worth its while, and can do no harm.
    PASSING,
    /// The same call would fail again, or might do twice what must be done once.
    FINAL,
    /// It is not this input: the key is wrong, or the account may not do that. Others will fail
    /// too, so the run ends.
    STOP
  }

  /// What is to be done about it.
  private final Kind kind;

  /// What was answered; 0 if nothing was.
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

  /// Whether an error says of itself that another attempt is not worth its while.
  ///
  /// @param error any error
  /// @return whether it is a call that came to nothing, and is not [#retryable()]
  public static boolean isFinal(Throwable error) {
    return error instanceof HttpFailed failed && !failed.retryable();
  }

  /// Whether others would fail too.
  ///
  /// @return whether its kind is [Kind#STOP]
  @Override
  public boolean endsRun() {
    return kind == Kind.STOP;
  }

  /// What the service answered.
  ///
  /// @return the status; empty if there was no answer
  public OptionalInt status() {
    return status == 0 ? OptionalInt.empty() : OptionalInt.of(status);
  }
}

package io.fanwise.work;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A service asks to come back later: it has too much to do, or was called too fast.
///
/// A task throws it to have its input tried again later, whatever the fan's retries: that is no
/// failed attempt. The run slows down meanwhile.
///
/// ```java
/// if (response.statusCode() == 429) {
///   throw new PushedBack("429 from " + uri, retryAfter(response));
/// }
/// ```
public final class PushedBack extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// When to come back; null if it did not say.
  private final @Nullable Duration after;

  /// A service that did not say when to come back.
  ///
  /// @param message what it said
  public PushedBack(String message) {
    super(message);
    this.after = null;
  }

  /// A service that said when to come back.
  ///
  /// @param message what it said
  /// @param after how long to wait at least, such as its `Retry-After`; zero or more
  public PushedBack(String message, Duration after) {
    super(message);
    if (Objects.requireNonNull(after, "after").isNegative()) {
      throw new IllegalArgumentException("the time to wait must not be negative, was " + after);
    }
    this.after = after;
  }

  /// When to come back.
  ///
  /// @return how long to wait at least; empty if it did not say
  public Optional<Duration> after() {
    return Optional.ofNullable(after);
  }
}

package io.fanwise;

import java.time.Duration;
import java.util.Objects;

/// Checks time spans at the door.
final class Spans {
  /// What a count of nanoseconds can still hold. Whoever asks for more means for ever.
  static final Duration FOR_EVER = Duration.ofDays(100_000);

  private Spans() {}

  static Duration positive(String what, Duration span) {
    if (notNegative(what, span).isZero()) {
      throw new IllegalArgumentException(what + " must be positive, was " + span);
    }
    return span.compareTo(FOR_EVER) < 0 ? span : FOR_EVER;
  }

  static Duration notNegative(String what, Duration span) {
    if (Objects.requireNonNull(span, what).isNegative()) {
      throw new IllegalArgumentException(what + " must not be negative, was " + span);
    }
    return span.compareTo(FOR_EVER) < 0 ? span : FOR_EVER;
  }
}

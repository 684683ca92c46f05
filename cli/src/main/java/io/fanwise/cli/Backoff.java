package io.fanwise.cli;

import java.time.Duration;
import picocli.CommandLine.TypeConversionException;

/// How long to wait before an input is tried again: at random up to a bound, which doubles with
/// each attempt.
///
/// @param first the first bound
/// @param most what the bound does not exceed
record Backoff(Duration first, Duration most) {

  static final Backoff STANDARD = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10));

  /// Reads `100ms..10s`, or `1s` for a bound that does not grow.
  static Backoff parse(String text) {
    int dots = text.indexOf("..");
    Duration first = Spans.parse(dots < 0 ? text : text.substring(0, dots));
    Duration most = dots < 0 ? first : Spans.parse(text.substring(dots + 2));
    if (most.compareTo(first) < 0) {
      throw new TypeConversionException(
          "'%s' shrinks; write the shorter wait first, such as 100ms..10s".formatted(text));
    }
    return new Backoff(first, most);
  }
}

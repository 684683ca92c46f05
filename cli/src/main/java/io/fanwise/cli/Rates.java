package io.fanwise.cli;

import io.fanwise.Rate;
import java.time.Duration;
import picocli.CommandLine.TypeConversionException;

/// Rates as people write them.
final class Rates {
  private Rates() {}

  /// Reads `100/s`, `6000/m`, `10/500ms`; a number alone is per second.
  static Rate parse(String text) {
    int slash = text.indexOf('/');
    try {
      long permits = Long.parseLong(slash < 0 ? text : text.substring(0, slash));
      Duration period = slash < 0 ? Duration.ofSeconds(1) : period(text.substring(slash + 1));
      return Rate.of(permits, period);
    } catch (IllegalArgumentException | TypeConversionException e) {
      throw new TypeConversionException(
          "'%s' is no rate; write 100/s, 6000/m or 10/500ms".formatted(text));
    }
  }

  private static Duration period(String text) {
    boolean unit = !text.isEmpty() && Character.isLetter(text.charAt(0));
    return Spans.parse(unit ? "1" + text : text);
  }
}

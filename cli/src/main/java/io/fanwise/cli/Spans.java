package io.fanwise.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;

/// Durations as people write and read them.
final class Spans {
  private static final String NUMBER = "(\\d{1,15}(?:\\.\\d{1,9})?)";
  private static final String UNIT = "(ms|us|ns|s|m|h|d)";
  private static final Pattern PART = Pattern.compile(NUMBER + UNIT + "?");
  private static final Pattern WRITTEN = Pattern.compile(NUMBER + "|(" + NUMBER + UNIT + ")+");
  private static final Duration LONGEST = Duration.ofDays(100 * 365);

  private Spans() {}

  /// Reads `500ms`, `10s`, `1h30m`; a number alone is seconds.
  static Duration parse(String text) {
    if (!WRITTEN.matcher(text).matches()) {
      throw new TypeConversionException(
          "'%s' is no duration; write 500ms, 10s, 2m or 1h30m".formatted(text));
    }
    BigDecimal nanos =
        PART.matcher(text)
            .results()
            .map(part -> new BigDecimal(part.group(1)).multiply(nanos(part.group(2))))
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    return nanos.compareTo(new BigDecimal(LONGEST.toNanos())) > 0
        ? LONGEST
        : Duration.ofNanos(nanos.longValue());
  }

  /// For people: `0.42 s`, `12.3 s`, `4 min 05 s`, `2 h 10 min`.
  static String shown(Duration span) {
    double seconds = span.toNanos() / 1e9;
    if (seconds < 9.95) {
      return String.format(Locale.ROOT, "%.2f s", seconds);
    }
    if (seconds < 59.95) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    return whole < 3_600
        ? String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%d h %02d min", whole / 3_600, whole / 60 % 60);
  }

  /// For people in a hurry: `85us`, `120ms`, `1.4s`, `75s`.
  static String brief(Duration span) {
    double millis = span.toNanos() / 1e6;
    if (millis < 1) {
      return Math.round(millis * 1_000) + "us";
    }
    if (millis < 999.5) {
      return String.format(Locale.ROOT, millis < 9.95 ? "%.1fms" : "%.0fms", millis);
    }
    return String.format(Locale.ROOT, millis < 9_950 ? "%.1fs" : "%.0fs", millis / 1_000);
  }

  /// As a clock shows it: `0:07`, `12:34`, `1:02:03`.
  static String clock(Duration span) {
    long seconds = span.toSeconds();
    return seconds < 3_600
        ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
        : String.format(
            Locale.ROOT, "%d:%02d:%02d", seconds / 3_600, seconds / 60 % 60, seconds % 60);
  }

  private static BigDecimal nanos(@Nullable String unit) {
    return BigDecimal.valueOf(
        switch (unit) {
          case null -> 1_000_000_000L;
          case "ns" -> 1L;
          case "us" -> 1_000L;
          case "ms" -> 1_000_000L;
          case "m" -> 60_000_000_000L;
          case "h" -> 3_600_000_000_000L;
          case "d" -> 86_400_000_000_000L;
          default -> 1_000_000_000L;
        });
  }
}

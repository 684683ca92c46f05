package io.fanwise.cli;

import io.fanwise.Fan;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/// How many inputs are worked on at the same time. Immutable.
sealed interface Jobs {

  /// How many processors this JVM may use.
  int CORES = Runtime.getRuntime().availableProcessors();

  /// So many.
  ///
  /// @param count at least 1
  record Fixed(int count) implements Jobs {}

  /// As many as pay, which is found out while it runs.
  ///
  /// @param least never fewer, at least 1
  /// @param most never more; empty for what the workers bear
  record Auto(int least, OptionalInt most) implements Jobs {
    private static final Pattern WRITTEN = Pattern.compile("auto(?::(?:(\\d{1,7})-)?(\\d{1,7}))?");
  }

  /// One per core.
  static Jobs all() {
    return new Fixed(CORES);
  }

  /// As many as pay, without bounds of one's own.
  static Jobs auto() {
    return new Auto(1, OptionalInt.empty());
  }

  /// Reads `8`, `-1` (all cores), `-2` (all but one), `200%` (of the cores), `auto`, `auto:500` (at
  /// most) or `auto:20-500`.
  static Jobs parse(String text) {
    Matcher auto = Auto.WRITTEN.matcher(text);
    return auto.matches() ? auto(text, auto) : fixed(text);
  }

  private static Jobs auto(String text, Matcher written) {
    if (written.group(2) == null) {
      return auto();
    }
    int most = Integer.parseInt(written.group(2));
    int least = written.group(1) == null ? 1 : Integer.parseInt(written.group(1));
    if (least < 1 || most < least) {
      throw wrong(text);
    }
    return new Auto(least, OptionalInt.of(most));
  }

  private static Jobs fixed(String text) {
    try {
      boolean percent = text.endsWith("%");
      int number = Integer.parseInt(percent ? text.substring(0, text.length() - 1) : text);
      if (number == 0 || (percent && number < 0)) {
        throw wrong(text);
      }
      if (percent) {
        return new Fixed(Math.clamp(Math.round(CORES * (number / 100.0)), 1, 1_000_000));
      }
      return new Fixed(number > 0 ? number : Math.max(1, CORES + 1 + number));
    } catch (NumberFormatException e) {
      throw wrong(text);
    }
  }

  private static TypeConversionException wrong(String text) {
    return new TypeConversionException(
        "'%s' is no number of jobs; write 8, -1 for all cores, 200%% of them, or auto for as many as pay (auto:500 for at most 500)"
            .formatted(text));
  }

  /// A fan that has so many at work, on workers that would bear more.
  default Fan on(Fan workers) {
    return switch (this) {
      case Fixed _ -> workers;
      case Auto(int least, _) -> workers.adaptive(least);
    };
  }
}

package io.fanwise.cli;

import picocli.CommandLine.TypeConversionException;

/// How many inputs are worked on at the same time.
///
/// @param count at least 1
record Jobs(int count) {

  /// One per core.
  static final Jobs ALL = parse("-1");

  /// Reads `8`, `-1` (all cores), `-2` (all but one) or `200%` (of the cores).
  static Jobs parse(String text) {
    int cores = Runtime.getRuntime().availableProcessors();
    try {
      boolean percent = text.endsWith("%");
      int number = Integer.parseInt(percent ? text.substring(0, text.length() - 1) : text);
      if (number == 0 || (percent && number < 0)) {
        throw wrong(text);
      }
      if (percent) {
        return new Jobs(Math.clamp(Math.round(cores * (number / 100.0)), 1, 1_000_000));
      }
      return new Jobs(number > 0 ? number : Math.max(1, cores + 1 + number));
    } catch (NumberFormatException e) {
      throw wrong(text);
    }
  }

  private static TypeConversionException wrong(String text) {
    return new TypeConversionException(
        "'%s' is no number of jobs; write 8, -1 for all cores, or 200%% of them".formatted(text));
  }
}

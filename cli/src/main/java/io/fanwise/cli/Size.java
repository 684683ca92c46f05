package io.fanwise.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/// An amount of memory, as people write it.
///
/// @param bytes at least 1
record Size(long bytes) {
  private static final Pattern WRITTEN = Pattern.compile("([1-9]\\d{0,8})([kmgKMG]?)");

  /// Reads `65536`, `200k`, `64m`, `2g`: multiples of 1,024.
  static Size parse(String text) {
    Matcher written = WRITTEN.matcher(text);
    if (!written.matches()) {
      throw new TypeConversionException("'%s' is no size; write 200k, 64m or 2g".formatted(text));
    }
    int shift =
        switch (written.group(2).toLowerCase(Locale.ROOT)) {
          case "k" -> 10;
          case "m" -> 20;
          case "g" -> 30;
          default -> 0;
        };
    return new Size(Long.parseLong(written.group(1)) << shift);
  }
}

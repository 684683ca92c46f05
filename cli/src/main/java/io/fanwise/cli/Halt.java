package io.fanwise.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/// When a run is given up because inputs fail. Immutable.
///
/// @param how whether and how it is given up
/// @param failures how many failures it takes, or which percentage
/// @param percent whether it is a percentage
record Halt(How how, int failures, boolean percent) {

  /// A percentage means nothing before this many inputs are finished.
  static final int ENOUGH = 20;

  static final Halt NEVER = new Halt(How.NEVER, 1, false);

  private static final Pattern WRITTEN =
      Pattern.compile("(never)|(now|soon)(?:,fail=([1-9]\\d{0,8})(%?))?");

  /// What happens to the rest.
  enum How {
    /// It is done as if nothing had happened.
    NEVER,
    /// What runs is cancelled.
    NOW,
    /// What runs is waited for; nothing new is begun.
    SOON
  }

  /// Reads `never`, `now,fail=1`, `soon,fail=10%`; without a number, one failure is enough.
  static Halt parse(String text) {
    Matcher written = WRITTEN.matcher(text);
    if (!written.matches()) {
      throw new TypeConversionException(
          "'%s' is not understood; write never, now,fail=1 or soon,fail=10%%".formatted(text));
    }
    if (written.group(1) != null) {
      return NEVER;
    }
    int failures = written.group(3) == null ? 1 : Integer.parseInt(written.group(3));
    return new Halt(
        written.group(2).equals("now") ? How.NOW : How.SOON,
        failures,
        "%".equals(written.group(4)));
  }

  /// Whether that many failures are too many.
  boolean reached(long failed, long finished) {
    if (how == How.NEVER || failed == 0) {
      return false;
    }
    return percent ? finished >= ENOUGH && failed * 100 >= finished * failures : failed >= failures;
  }
}

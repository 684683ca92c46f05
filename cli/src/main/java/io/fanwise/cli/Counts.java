package io.fanwise.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/// How far a run has come, for people and programs that look on. Immutable.
///
/// @param done how many inputs are done
/// @param failed how many failed for good
/// @param retried how many attempts were made again
/// @param running how many are being worked on
/// @param total how many there are, if that is known
/// @param rate how many were finished per second, lately
/// @param elapsed how long the run has lasted
record Counts(
    long done,
    long failed,
    long retried,
    long running,
    OptionalLong total,
    double rate,
    Duration elapsed) {

  /// In seconds; beyond four days nobody believes it.
  private static final double FORESEEABLE = 4 * 86_400;

  long finished() {
    return done + failed;
  }

  /// How long the rest will take; nothing if that cannot be said.
  OptionalLong secondsLeft() {
    if (total.isEmpty() || rate <= 0) {
      return OptionalLong.empty();
    }
    double seconds = Math.max(0, total.getAsLong() - finished()) / rate;
    return seconds > FORESEEABLE ? OptionalLong.empty() : OptionalLong.of(Math.round(seconds));
  }

  /// `1,234 done, 3 failed, 5 retried in 12.3 s (100/s)`.
  String summary() {
    List<String> parts = new ArrayList<>(List.of(number(done) + " done"));
    if (failed > 0) {
      parts.add(number(failed) + " failed");
    }
    if (retried > 0) {
      parts.add(number(retried) + " retried");
    }
    return "%s in %s (%s)"
        .formatted(String.join(", ", parts), Spans.shown(elapsed), perSecond(overall()));
  }

  private double overall() {
    return finished() * 1e9 / Math.max(1, elapsed.toNanos());
  }

  static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  static String perSecond(double rate) {
    return rate < 9.95 && rate > 0
        ? String.format(Locale.ROOT, "%.1f/s", rate)
        : number(Math.round(rate)) + "/s";
  }
}

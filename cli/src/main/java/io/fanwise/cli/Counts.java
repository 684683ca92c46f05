package io.fanwise.cli;

import io.fanwise.pipeline.RunProgress;
import io.fanwise.pipeline.Summary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/// How far a run has come, for people and programs that look on. Immutable.
///
/// @param done how many inputs are done
/// @param failed how many failed for good
/// @param retried how many attempts were made again
/// @param pushedBack how many attempts were not let in, to be made again later
/// @param running how many are being worked on
/// @param limit how many may be, at present; 0 if that is not known
/// @param total how many there are, if that is known
/// @param rate how many were finished per second, lately
/// @param elapsed how long the run has lasted
/// @param kept what is known besides of a run whose state is kept
record Counts(
    long done,
    long failed,
    long retried,
    long pushedBack,
    long running,
    int limit,
    OptionalLong total,
    double rate,
    Duration elapsed,
    Optional<Kept> kept) {

  /// What is known of a run whose state is kept.
  ///
  /// @param before how many inputs were finished before this sitting
  /// @param median how long half of the attempts took at most
  /// @param slow how long all but one in a hundred took at most
  /// @param bytes how much the output has
  /// @param paused why nothing new is begun at present, if that is so
  record Kept(long before, Duration median, Duration slow, long bytes, Optional<String> paused) {}

  static Counts of(RunProgress progress) {
    return new Counts(
        progress.done(),
        progress.failed(),
        progress.retried(),
        progress.pushedBack(),
        progress.running(),
        progress.limit(),
        progress.total(),
        progress.rate(),
        progress.elapsed(),
        Optional.of(
            new Kept(
                progress.before(),
                progress.median(),
                progress.slow(),
                progress.bytes(),
                progress.paused())));
  }

  /// Of a run in which there was nothing left to do.
  static Counts of(Summary summary) {
    return new Counts(
        summary.done(),
        summary.failed(),
        0,
        0,
        0,
        0,
        OptionalLong.of(summary.done() + summary.failed()),
        0,
        summary.elapsed(),
        Optional.of(new Kept(summary.before(), Duration.ZERO, Duration.ZERO, 0, Optional.empty())));
  }

  /// Of a run that has not come to anything.
  static Counts none(long begun) {
    Duration elapsed = Duration.ofNanos(System.nanoTime() - begun);
    return new Counts(0, 0, 0, 0, 0, 0, OptionalLong.empty(), 0, elapsed, Optional.empty());
  }

  /// In seconds; beyond four days nobody believes it.
  private static final double FORESEEABLE = 4 * 86_400;

  private static final String[] UNITS = {"k", "M", "G", "T", "P", "E"};

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

  /// `1,234 done, 3 failed, 5 retried in 12.3 s (100/s)`, and what was written and done before if
  /// the state is kept.
  String summary() {
    List<String> parts = new ArrayList<>(List.of(number(done) + " done"));
    if (failed > 0) {
      parts.add(number(failed) + " failed");
    }
    if (retried > 0) {
      parts.add(number(retried) + " retried");
    }
    if (pushedBack > 0) {
      parts.add(number(pushedBack) + " pushed back");
    }
    long before = kept.isPresent() ? kept.get().before() : 0;
    if (before > 0 && before == finished()) {
      return String.join(", ", parts) + ", all of them before";
    }
    if (before > 0) {
      parts.add(number(before) + " of them before");
    }
    return "%s in %s (%s)"
        .formatted(String.join(", ", parts), Spans.shown(elapsed), perSecond(overall(before)));
  }

  private double overall(long before) {
    return (finished() - before) * 1e9 / Math.max(1, elapsed.toNanos());
  }

  /// `118 MB`, `1.2 kB`.
  static String size(long bytes) {
    if (bytes < 1_000) {
      return bytes + " B";
    }
    double size = bytes;
    int unit = -1;
    while (size >= 999.5) {
      size /= 1_000;
      unit++;
    }
    return String.format(Locale.ROOT, size < 9.95 ? "%.1f %sB" : "%.0f %sB", size, UNITS[unit]);
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

package io.fanwise.cli;

import io.fanwise.rows.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Some inputs, taken at random from all of them, the same whenever it is taken. Immutable.
///
/// @param rows the inputs, in order
/// @param of how many there are in all
record Sample(List<Row> rows, long of) {
  private static final String GENERATOR = "L64X128MixRandom";

  /// So that one sample can be compared with the next.
  private static final long SEED = 17;

  /// Reads all inputs, and keeps each with the same chance.
  static Sample take(int size, Feed feed) {
    RandomGenerator random = RandomGeneratorFactory.of(GENERATOR).create(SEED);
    List<Row> kept = new ArrayList<>();
    long read = 0;
    for (; feed.hasNext(); read++) {
      Row row = feed.next();
      if (kept.size() < size) {
        kept.add(row);
      } else {
        long place = random.nextLong(read + 1);
        if (place < size) {
          kept.set((int) place, row);
        }
      }
    }
    kept.sort(Comparator.comparingLong(Row::index));
    return new Sample(List.copyOf(kept), read);
  }

  /// What all would take if they were like these.
  ///
  /// @param seconds how long these took
  /// @param bytes how much was written of them
  String told(double seconds, long bytes) {
    if (rows.isEmpty()) {
      return "no inputs";
    }
    double all = (double) of / rows.size();
    return "%s of %s inputs; all of them would take %s at this rate, and %s"
        .formatted(
            Counts.number(rows.size()),
            Counts.number(of),
            Spans.shown(Duration.ofMillis(Math.round(seconds * all * 1_000))),
            Counts.size(Math.round(bytes * all)));
  }
}

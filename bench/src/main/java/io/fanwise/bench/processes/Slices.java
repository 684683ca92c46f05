package io.fanwise.bench.processes;

import io.fanwise.Fan;
import io.fanwise.Range;
import io.fanwise.processes.Processes;
import io.fanwise.shared.SharedDoubles;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// A large array, summed in slices, three times over: what it takes the first time, with all that
/// has to be done before, and what once more.
final class Slices {
  static final int COUNT = 100;
  private static final int ONCE_MORE = 2;

  private final Fan fan;
  private final double[] values;
  private final int length;

  private Slices(Asked asked) {
    fan = Fan.on(Processes.of(asked.jobs()));
    values = values(asked.size());
    length = asked.size() / COUNT;
    Starts.pids(fan, asked.jobs());
  }

  static double[] values(int size) {
    double[] values = new double[size];
    Arrays.setAll(values, at -> at % 1000);
    return values;
  }

  static Figures measured(Asked asked) {
    Slices slices = new Slices(asked);
    Figures figures = new Figures();
    switch (asked.name()) {
      case "array-shared" -> slices.shared(figures);
      case "array-captured" -> slices.captured(figures);
      case "array-slices" -> slices.sent(figures);
      default -> throw asked.unknown();
    }
    return figures;
  }

  private void shared(Figures figures) {
    long begun = System.nanoTime();
    try (SharedDoubles shared = SharedDoubles.copyOf(values)) {
      figures.addMillisSince(begun, "publish ms");
      passes(figures, begun, () -> sumsOf(shared));
    }
  }

  private List<Double> sumsOf(SharedDoubles shared) {
    int each = length;
    return fan.map(
        Range.of(0, COUNT),
        slice -> {
          double sum = 0;
          for (long at = (long) slice * each, end = at + each; at < end; at++) {
            sum += shared.get(at);
          }
          return sum;
        });
  }

  private void captured(Figures figures) {
    double[] all = values;
    int each = length;
    passes(
        figures,
        System.nanoTime(),
        () -> fan.map(Range.of(0, COUNT), slice -> sum(all, slice * each, (slice + 1) * each)));
  }

  /// Each task has its own part of the array as its input.
  private void sent(Figures figures) {
    passes(
        figures,
        System.nanoTime(),
        () ->
            fan.map(
                IntStream.range(0, COUNT)
                    .mapToObj(at -> Arrays.copyOfRange(values, at * length, (at + 1) * length)),
                part -> sum(part, 0, part.length)));
  }

  private interface Pass {
    List<Double> sums();
  }

  private void passes(Figures figures, long begun, Pass pass) {
    check(pass.sums(), values);
    figures.addMillisSince(begun, "first pass ms");
    for (int i = 0; i < ONCE_MORE; i++) {
      long again = System.nanoTime();
      pass.sums();
      figures.addMillisSince(again, "once more ms");
    }
  }

  static double sum(double[] values, int from, int to) {
    double sum = 0;
    for (int at = from; at < to; at++) {
      sum += values[at];
    }
    return sum;
  }

  static void check(List<Double> sums, double[] values) {
    double sum = sums.stream().mapToDouble(Double::doubleValue).sum();
    if (sum != sum(values, 0, values.length)) { // whole numbers, so there is no rounding
      throw new IllegalStateException("the sum is " + sum);
    }
  }
}

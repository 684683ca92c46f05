package io.fanwise.pipeline;

import java.time.Duration;

/// How long attempts took, as a histogram whose bars are 6 % wide. Confined to one thread.
final class Latencies {
  /// Bars for each doubling of the time.
  private static final int STEPS = 16;

  private static final int STEP_BITS = 4;

  private final long[] bars = new long[Long.SIZE * STEPS];
  private long count;

  void add(Duration took) {
    bars[bar(Math.max(STEPS, took.toNanos()))]++;
    count++;
  }

  /// How long the given share of them took at most; zero if there are none.
  Duration quantile(double share) {
    long left = (long) Math.ceil(share * count);
    for (int bar = 0; bar < bars.length && left > 0; bar++) {
      left -= bars[bar];
      if (left <= 0) {
        return Duration.ofNanos(end(bar));
      }
    }
    return Duration.ZERO;
  }

  private static int bar(long nanos) {
    int power = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos);
    int step = (int) (nanos >>> (power - STEP_BITS)) & (STEPS - 1);
    return power * STEPS + step;
  }

  private static long end(int bar) {
    int power = bar / STEPS;
    return (long) (STEPS + bar % STEPS + 1) << (power - STEP_BITS);
  }
}

package io.fanwise;

/// How many inputs to put into the next batch: durations in, sizes out. Pure arithmetic, no clock.
///
/// It starts with one, at most doubles, and goes straight down when batches take far too long; so
/// that handing a batch over costs little beside the work in it, and no batch is a long wait.
/// Confined to the caller's thread.
final class BatchSizer {
  /// A batch lasts this many times what it costs to hand it over: bench/BatchSizeBenchmark,
  /// adr/0003.
  static final int WORTH = 50;

  /// Beyond this, a larger batch saves nothing and its inputs leave the processor's cache:
  /// adr/0003.
  static final int MOST = 8_192;

  /// The same where results are handed on at once, so that what is in flight is small: adr/0003.
  static final int MOST_STREAMED = 4_096;

  /// A batch that takes this many times the target is no hiccup: adr/0003.
  private static final int FAR_TOO_LONG = 10;

  /// Near the end of a sized input, what is left is cut into so many batches per worker: adr/0003.
  private static final int TAIL = 4;

  private final int fixed;
  private final int most;
  private final long target;
  private int size = 1;
  private double perItem;

  /// @param fixed the size the user wants; 0 to find out
  /// @param handOverNanos what handing a batch over costs; 0 if batches make no sense
  /// @param most how large a batch may become
  BatchSizer(int fixed, long handOverNanos, int most) {
    this.fixed = fixed;
    this.most = most;
    this.target = handOverNanos * WORTH;
  }

  /// The size of the next batch.
  ///
  /// @param left how many inputs are left, or a negative number if nobody knows
  /// @param jobs how many workers share them
  int next(long left, int jobs) {
    if (fixed > 0) {
      return fixed;
    }
    if (left < 0 || size == 1) {
      return size;
    }
    long share = left / ((long) TAIL * jobs);
    return (int) Math.max(Math.min(size, share), smallest());
  }

  /// Not smaller, at the tail, than what makes the handing over a fifth of the work.
  private int smallest() {
    return Math.max(1, size / (WORTH / 5));
  }

  /// Learns from a batch that has been run.
  ///
  /// @param items how many inputs it had
  /// @param nanos how long the worker was busy with them
  void ran(int items, long nanos) {
    if (fixed > 0 || target == 0 || items == 0) {
      return;
    }
    double now = (double) nanos / items;
    if (nanos > FAR_TOO_LONG * target) {
      perItem = now;
      size = ideal();
      return;
    }
    perItem = perItem == 0 ? now : 0.8 * perItem + 0.2 * now;
    if (items >= size) {
      size = Math.min(2 * size, ideal());
    } else if (items == 1 || ideal() < size) {
      size = Math.min(size, ideal());
    }
  }

  private int ideal() {
    return (int) Math.clamp(target / Math.max(perItem, 1e-3), 1, most);
  }

  /// How long the work on one input takes, as far as is known.
  ///
  /// @return nanoseconds; 0 before the first batch is back
  double perItem() {
    return perItem;
  }

  /// The present size.
  int size() {
    return fixed > 0 ? fixed : size;
  }
}

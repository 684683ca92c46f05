package io.fanwise;

/// How many inputs to put into the next batch: durations in, sizes out. Pure arithmetic, no clock.
///
/// It starts with one, grows eightfold as long as that is known to be far from enough, and goes
/// straight down when batches take far too long; so that handing a batch over costs little beside
/// the work in it, and no batch is a long wait. Confined to the caller's thread.
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

  /// No batch is more than so many times as large as one that has been run: adr/0003.
  private static final int GROWTH = 8;

  /// Near the end of a sized input, what is left is cut into so many batches per worker: adr/0003.
  private static final int TAIL = 4;

  /// What one batch says of the time of an input weighs at least a fifth: one part against so many.
  private static final int MEMORY = 4;

  private final int fixed;
  private final int most;
  private final long handOver;
  private final long target;
  private boolean growing;
  private int size = 1;
  private double perItem;
  private long known;

  /// @param fixed the size the user wants; 0 to find out
  /// @param handOverNanos what handing a batch over costs; 0 if batches make no sense
  /// @param most how large a batch may become
  BatchSizer(int fixed, long handOverNanos, int most) {
    this.fixed = fixed;
    this.most = most;
    this.handOver = handOverNanos;
    this.target = handOverNanos * WORTH;
    this.growing = fixed == 0 && target > 0;
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
    long share = Math.max(left / ((long) TAIL * jobs), smallest(left, jobs));
    growing &= share >= size;
    return (int) Math.min(size, share);
  }

  /// Not smaller, at the tail, than what makes the handing over a fifth of the work, as long as
  /// there are two for each worker; and not so small that handing over is five times the work.
  private long smallest(long left, int jobs) {
    long fair = Math.min(worth(WORTH / 10 * handOver), left / (2L * jobs));
    return Math.max(fair, worth(handOver / 5));
  }

  /// How many inputs are so much work.
  private long worth(long nanos) {
    return (long) Math.max(1, nanos / Math.max(perItem, 1e-3));
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
      known = items;
      size = ideal();
      growing = false;
      return;
    }
    learn(now, items);
    if (items >= size) {
      size = (int) Math.min((long) GROWTH * size, ideal());
    } else if (items == 1 || ideal() < size) {
      size = Math.min(size, ideal());
    }
    growing &= size < ideal();
  }

  /// A batch says the more, the larger it is beside those before it. One that is larger than all of
  /// them is believed at once if it says less: the first input of a new worker takes a hundred
  /// times as long as the next.
  private void learn(double now, int items) {
    long before = items > known && now < perItem ? 0 : Math.min(known, (long) MEMORY * items);
    perItem = (before * perItem + items * now) / (before + items);
    known = before + items;
  }

  private int ideal() {
    return (int) Math.clamp(target / Math.max(perItem, 1e-3), 1, most);
  }

  /// Whether batches are still growing: until that has come to an end it is of no use to have many
  /// of them on their way, each of which holds up the next and larger one.
  boolean growing() {
    return growing && known > 0;
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

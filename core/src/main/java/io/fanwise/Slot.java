package io.fanwise;

import org.jspecify.annotations.Nullable;

/// The place in line of inputs that were read together: what is known of them so far. Confined to
/// the caller's thread.
final class Slot {
  private final long first;
  private final int size;
  private final long begun;
  private Object @Nullable [] values;
  private int missing;

  /// @param first the index of the first input
  /// @param size how many inputs there are
  /// @param begun when they were handed to the workers first, by [System#nanoTime]
  Slot(long first, int size, long begun) {
    this.first = first;
    this.size = size;
    this.begun = begun;
    this.missing = size;
  }

  long first() {
    return first;
  }

  long begun() {
    return begun;
  }

  boolean complete() {
    return missing == 0;
  }

  /// Takes the results of some or all of the inputs.
  void fill(int offset, Object[] results, int count) {
    if (count == size) {
      values = results;
    } else {
      System.arraycopy(results, 0, values(), offset, count);
    }
    missing -= count;
  }

  /// Takes one result.
  void put(int offset, Object value) {
    values()[offset] = value;
    missing--;
  }

  /// The results; null where there is none yet.
  Object[] values() {
    Object[] all = values;
    if (all == null) {
      all = new Object[size];
      values = all;
    }
    return all;
  }
}

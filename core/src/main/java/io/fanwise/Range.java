package io.fanwise;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.LongFunction;

/// Consecutive whole numbers as inputs, which know how many they are. Immutable.
///
/// ```java
/// Fan.out().map(Range.of(0, 10), i -> Math.sqrt(i * i));
/// ```
///
/// @param <N> [Integer] or [Long]
public final class Range<N extends Number> implements Iterable<N> {
  private final long from;
  private final long to;
  private final LongFunction<N> number;

  private Range(long from, long to, LongFunction<N> number) {
    if (to < from) {
      throw new IllegalArgumentException(
          "a range ends where it begins or later, was from " + from + " to " + to);
    }
    if (to - from < 0) {
      throw new IllegalArgumentException(
          "a range holds at most 2^63 - 1 numbers, was from " + from + " to " + to);
    }
    this.from = from;
    this.to = to;
    this.number = number;
  }

  /// The numbers from one up to, but not including, another.
  ///
  /// @param from the first
  /// @param to the one behind the last
  /// @return the range; empty if both are equal
  /// @throws IllegalArgumentException if `to` is less than `from`
  public static Range<Integer> of(int from, int to) {
    return new Range<>(from, to, i -> (int) i);
  }

  /// The numbers from one up to, but not including, another.
  ///
  /// @param from the first
  /// @param to the one behind the last
  /// @return the range; empty if both are equal
  /// @throws IllegalArgumentException if `to` is less than `from`
  public static Range<Long> of(long from, long to) {
    return new Range<>(from, to, i -> i);
  }

  /// How many numbers there are.
  ///
  /// @return 0 or more
  public long size() {
    return to - from;
  }

  @Override
  public Iterator<N> iterator() {
    return new Iterator<>() {
      private long next = from;

      @Override
      public boolean hasNext() {
        return next < to;
      }

      @Override
      public N next() {
        if (next >= to) {
          throw new NoSuchElementException("the range ends at " + to);
        }
        return number.apply(next++);
      }
    };
  }

  @Override
  public String toString() {
    return from + " until " + to;
  }
}

package io.fanwise;

import io.fanwise.work.Inputs;
import io.fanwise.work.Inputs.NumberType;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

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
  private final NumberType type;

  private Range(long from, long to, NumberType type) {
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
    this.type = type;
  }

  /// The numbers from one up to, but not including, another.
  ///
  /// @param from the first
  /// @param to the one behind the last
  /// @return the range; empty if both are equal
  /// @throws IllegalArgumentException if `to` is less than `from`
  public static Range<Integer> of(int from, int to) {
    return new Range<>(from, to, NumberType.INTEGER);
  }

  /// The numbers from one up to, but not including, another.
  ///
  /// @param from the first
  /// @param to the one behind the last
  /// @return the range; empty if both are equal
  /// @throws IllegalArgumentException if `to` is less than `from`
  public static Range<Long> of(long from, long to) {
    return new Range<>(from, to, NumberType.LONG);
  }

  /// How many numbers there are.
  ///
  /// @return 0 or more
  public long size() {
    return to - from;
  }

  @Override
  @SuppressWarnings("unchecked") // the type says what N is
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
        return (N) type.number(next++);
      }
    };
  }

  /// The numbers of a range as the inputs of a run: made on the worker, so that reading them costs
  /// the caller nothing.
  Source source() {
    return new Counting();
  }

  private final class Counting implements Source {
    private long next = from;

    @Override
    public @Nullable Inputs take(int most) {
      long first = next;
      int count = (int) Math.min(most, to - next);
      next += count;
      return count == 0 ? null : Inputs.of(type, first, count);
    }

    @Override
    public boolean exhausted() {
      return next >= to;
    }

    @Override
    public long size() {
      return Range.this.size();
    }

    @Override
    public void close() {
      next = to;
    }
  }

  @Override
  public String toString() {
    return from + " until " + to;
  }
}

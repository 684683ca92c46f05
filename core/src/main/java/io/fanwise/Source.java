package io.fanwise;

import static java.util.Objects.requireNonNull;

import io.fanwise.spi.Inlet;
import io.fanwise.work.Inputs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.BaseStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The inputs of a run, read by one thread and never further than asked. Confined to the caller's
/// thread.
interface Source {

  /// Reads on.
  ///
  /// @param most how many to read
  /// @return the inputs: fewer than asked for if there are no more, for now or for ever; null if
  ///   there are none
  @Nullable Inputs take(int most);

  /// Whether so many can be read now, or the end is near, so that there is no point in waiting for
  /// more.
  default boolean holds(int inputs) {
    return true;
  }

  /// Nanoseconds until there may be more, as far as was known when it was read last; 0 if nobody
  /// has said so.
  default long untilMore() {
    return 0;
  }

  /// Whether the last one has been read, as far as is known.
  boolean exhausted();

  /// How many there are in all; negative if nobody knows.
  long size();

  /// Says that nothing more will be read.
  void close();

  static Source of(Iterable<?> inputs) {
    requireNonNull(inputs, "inputs");
    if (inputs instanceof Range<?> range) {
      return range.source();
    }
    if (inputs instanceof ArrayList<?> list && list.getClass().equals(ArrayList.class)) {
      return new FromList(list);
    }
    LongSupplier size = inputs instanceof Collection<?> all ? all::size : UNKNOWN;
    return new FromIterator(() -> inputs.iterator(), size, null);
  }

  LongSupplier UNKNOWN = () -> -1;

  static Source of(Iterator<?> inputs) {
    requireNonNull(inputs, "inputs");
    return new FromIterator(() -> inputs, UNKNOWN, null);
  }

  /// Read by one thread in the order of encounter, also if it is parallel, and closed at the end.
  static Source of(Stream<?> inputs) {
    requireNonNull(inputs, "inputs");
    return new FromIterator(() -> inputs.sequential().iterator(), UNKNOWN, inputs);
  }

  /// A list in an array, which can be copied from in one go.
  final class FromList implements Source {
    private static final int NOT_ASKED = -1;

    private List<?> inputs;
    private int size = NOT_ASKED;
    private int next;

    private FromList(List<?> inputs) {
      this.inputs = inputs;
    }

    @Override
    public @Nullable Inputs take(int most) {
      int count = (int) Math.min(most, size() - next);
      if (inputs.size() != size && count > 0) {
        throw new ConcurrentModificationException(
            "the list of inputs had " + size + " elements and now has " + inputs.size());
      }
      if (count <= 0) {
        return null;
      }
      Object[] some = inputs.subList(next, next + count).toArray();
      for (int i = 0; i < count; i++) {
        if (some[i] == null) {
          throw new NullPointerException(nullInput(next + i));
        }
      }
      next += count;
      return Inputs.of(some);
    }

    @Override
    public boolean exhausted() {
      return next == size();
    }

    @Override
    public long size() {
      if (size == NOT_ASKED) {
        size = inputs.size();
      }
      return size;
    }

    @Override
    public void close() {
      next = (int) size();
      inputs = List.of();
    }
  }

  private static String nullInput(long index) {
    return "input " + index + " is null; inputs must not be null, filter them out before";
  }

  /// Anything that has an iterator, which is asked for it, and for its size, when that is wanted
  /// first.
  final class FromIterator implements Source {
    private static final long NOT_ASKED = -2;

    /// A batch may be larger than what there is.
    private static final int FIRST_GUESS = 8_192;

    private @Nullable Supplier<Iterator<?>> inputs;
    private final LongSupplier counted;
    private final @Nullable BaseStream<?, ?> opened;
    private @Nullable Iterator<?> iterator;
    private long size = NOT_ASKED;
    private long read;
    private long untilMore;
    private boolean exhausted;

    private FromIterator(
        Supplier<Iterator<?>> inputs, LongSupplier size, @Nullable BaseStream<?, ?> opened) {
      this.inputs = inputs;
      this.counted = size;
      this.opened = opened;
    }

    @Override
    public @Nullable Inputs take(int most) {
      Iterator<?> from = iterator();
      Inlet<?> inlet = from instanceof Inlet<?> slow ? slow : null;
      Object[] some = new Object[Math.min(most, FIRST_GUESS)];
      int n = 0;
      while (n < most && comes(inlet) && from.hasNext()) {
        Object input = from.next();
        if (input == null) {
          throw new NullPointerException(nullInput(read + n));
        }
        if (n == some.length) {
          some = Arrays.copyOf(some, (int) Math.min(most, 2L * n));
        }
        some[n++] = input;
      }
      read += n;
      exhausted = untilMore == 0 && (n < most || (read >= size() && size >= 0 && !from.hasNext()));
      if (n == 0) {
        return null;
      }
      return Inputs.of(n == some.length ? some : Arrays.copyOf(some, n));
    }

    private boolean comes(@Nullable Inlet<?> inlet) {
      untilMore = inlet == null ? 0 : inlet.untilNext();
      return untilMore == 0;
    }

    @Override
    public long untilMore() {
      return untilMore;
    }

    private Iterator<?> iterator() {
      Iterator<?> from = iterator;
      if (from == null) {
        from = Objects.requireNonNull(inputs, "the source is closed").get();
        iterator = from;
      }
      return from;
    }

    @Override
    public boolean exhausted() {
      return exhausted;
    }

    @Override
    public long size() {
      if (size == NOT_ASKED) {
        size = counted.getAsLong();
      }
      return size;
    }

    @Override
    public void close() {
      exhausted = true;
      iterator = null;
      inputs = null;
      if (opened != null) {
        opened.close();
      }
    }
  }
}

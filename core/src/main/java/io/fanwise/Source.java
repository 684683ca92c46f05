package io.fanwise;

import java.util.Collection;
import java.util.Iterator;
import java.util.function.Supplier;
import java.util.stream.BaseStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The inputs of a run, read by one thread and never further than asked. Confined to the caller's
/// thread.
interface Source {

  /// Reads on.
  ///
  /// @param into where to put the inputs, from the first place on
  /// @param most how many to read
  /// @return how many were there; fewer than asked for if there are no more, for now or for ever
  int read(Object[] into, int most);

  /// Whether so many can be read now, or the end is near, so that there is no point in waiting for
  /// more.
  default boolean holds(int inputs) {
    return true;
  }

  /// Whether the last one has been read, as far as is known.
  boolean exhausted();

  /// How many there are in all; negative if nobody knows.
  long size();

  /// Says that nothing more will be read.
  void close();

  static Source of(Iterable<?> inputs) {
    long size =
        switch (inputs) {
          case Collection<?> collection -> collection.size();
          case Range<?> range -> range.size();
          default -> -1;
        };
    return new FromIterator(() -> inputs.iterator(), size, null);
  }

  static Source of(Iterator<?> inputs) {
    return new FromIterator(() -> inputs, -1, null);
  }

  /// Read by one thread in the order of encounter, also if it is parallel, and closed at the end.
  static Source of(Stream<?> inputs) {
    return new FromIterator(() -> inputs.sequential().iterator(), -1, inputs);
  }

  /// Anything that has an iterator, which is asked for it when the first input is wanted.
  final class FromIterator implements Source {
    private final Supplier<Iterator<?>> inputs;
    private final long size;
    private final @Nullable BaseStream<?, ?> opened;
    private @Nullable Iterator<?> iterator;
    private long read;
    private boolean exhausted;

    private FromIterator(
        Supplier<Iterator<?>> inputs, long size, @Nullable BaseStream<?, ?> opened) {
      this.inputs = inputs;
      this.size = size;
      this.opened = opened;
    }

    @Override
    public int read(Object[] into, int most) {
      Iterator<?> from = iterator;
      if (from == null) {
        from = inputs.get();
        iterator = from;
      }
      int n = 0;
      while (n < most && from.hasNext()) {
        Object input = from.next();
        if (input == null) {
          throw new NullPointerException(
              "input " + (read + n) + " is null; inputs must not be null, filter them out before");
        }
        into[n++] = input;
      }
      read += n;
      exhausted = n < most || read == size;
      return n;
    }

    @Override
    public boolean exhausted() {
      return exhausted;
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public void close() {
      exhausted = true;
      iterator = null;
      if (opened != null) {
        opened.close();
      }
    }
  }
}

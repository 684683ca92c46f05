package io.fanwise.pipeline;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;

/// Positions, noted as stretches of some that are equally far apart: 5, 6, 7 to 9; 12; 20, 22 to
/// 30. They may be added in any order; the more they come in order, the fewer stretches. Confined
/// to one thread at a time.
final class Stretches {
  private static final int ANY = 0;
  private static final int FIELDS = 3;

  private final int apart;
  private long[] stretches = new long[8 * FIELDS]; // first, count, how far apart, first, …
  private int filled;
  private long size;

  private Stretches(int apart) {
    this.apart = apart;
  }

  /// None yet, and those of one shard of so many are stretches.
  static Stretches ofShard(int shards) {
    return new Stretches(shards);
  }

  /// None yet, and those that are equally far apart are stretches. They come in order.
  static Stretches ofAny() {
    return new Stretches(ANY);
  }

  boolean isEmpty() {
    return filled == 0;
  }

  /// How many positions.
  long size() {
    return size;
  }

  /// How many stretches.
  int count() {
    return filled / FIELDS;
  }

  /// Adds one.
  void add(long position) {
    add(position, 1, 1);
  }

  /// Adds those from one up to another, which is left out; none of them is there yet.
  void add(long from, long to) {
    add(from, to - from, 1);
  }

  /// Adds some that are equally far apart; none of them is there yet.
  void add(long first, long count, long step) {
    size += count;
    if (filled == 0 || !joins(first, count, step)) {
      put(first, count, step);
    }
  }

  private boolean joins(long first, long count, long step) {
    int last = filled - FIELDS;
    long distance = first - last(last);
    boolean single = stretches[last + 1] == 1;
    long wanted = single ? wanted(count, step, distance) : stretches[last + 2];
    if (distance != wanted || (count > 1 && step != wanted)) {
      return false;
    }
    stretches[last + 1] += count;
    stretches[last + 2] = wanted;
    return true;
  }

  /// How far from a single one those are that make a stretch with it.
  private long wanted(long count, long step, long distance) {
    if (count > 1) {
      return step;
    }
    return apart == ANY ? Math.max(1, distance) : apart;
  }

  private void put(long first, long count, long step) {
    if (filled == stretches.length) {
      stretches = Arrays.copyOf(stretches, 2 * filled);
    }
    stretches[filled] = first;
    stretches[filled + 1] = count;
    stretches[filled + 2] = step;
    filled += FIELDS;
  }

  /// The last position of a stretch.
  private long last(int stretch) {
    return stretches[stretch] + (stretches[stretch + 1] - 1) * stretches[stretch + 2];
  }

  /// Takes positions that follow one another.
  ///
  /// @param <E> what it may throw
  @FunctionalInterface
  interface Taker<E extends Exception> {
    /// Takes some.
    ///
    /// @param from the first
    /// @param to the one after the last
    void take(long from, long to) throws E;
  }

  /// Tells of every position, as many at a time as follow one another.
  <E extends Exception> void forEach(Taker<E> taker) throws E {
    for (int i = 0; i < filled; i += FIELDS) {
      if (stretches[i + 2] == 1) {
        taker.take(stretches[i], stretches[i] + stretches[i + 1]);
        continue;
      }
      for (long each = 0; each < stretches[i + 1]; each++) {
        long position = stretches[i] + each * stretches[i + 2];
        taker.take(position, position + 1);
      }
    }
  }

  /// Adds all to a set.
  void addTo(PositionSet set) {
    for (int i = 0; i < filled; i += FIELDS) {
      set.add(stretches[i], stretches[i + 1], stretches[i + 2]);
    }
  }

  /// Takes all out of a set.
  void removeFrom(PositionSet set) {
    for (int i = 0; i < filled; i += FIELDS) {
      set.remove(stretches[i], stretches[i + 1], stretches[i + 2]);
    }
  }

  /// The same positions in order, and so in fewer stretches.
  Stretches inOrder() {
    boolean sorted = true;
    for (int i = FIELDS; i < filled && sorted; i += FIELDS) {
      sorted = last(i - FIELDS) < stretches[i];
    }
    if (sorted) {
      return this;
    }
    long[][] all = new long[count()][];
    for (int i = 0; i < all.length; i++) {
      all[i] = Arrays.copyOfRange(stretches, FIELDS * i, FIELDS * (i + 1));
    }
    Arrays.sort(all, Comparator.comparingLong(stretch -> stretch[0]));
    Stretches ordered = new Stretches(apart);
    for (long[] stretch : all) {
      ordered.add(stretch[0], stretch[1], stretch[2]);
    }
    return ordered;
  }

  /// Writes each as its distance from the one before, how many there are and, if that is more than
  /// one, how far apart: some bytes a stretch.
  void writeTo(DataOutput out) throws IOException {
    writeVariable(out, count());
    long end = 0;
    for (int i = 0; i < filled; i += FIELDS) {
      long distance = stretches[i] - end;
      writeVariable(out, (distance << 1) ^ (distance >> 63)); // small, whichever way it goes
      writeVariable(out, stretches[i + 1]);
      if (stretches[i + 1] > 1) {
        writeVariable(out, stretches[i + 2]);
      }
      end = last(i) + 1;
    }
  }

  /// Reads what [#writeTo] wrote.
  static Stretches readFrom(DataInput in) throws IOException {
    long count = readVariable(in);
    Stretches all = ofAny();
    long end = 0;
    for (long i = 0; i < count; i++) {
      long distance = readVariable(in);
      long first = end + ((distance >>> 1) ^ -(distance & 1));
      long many = readVariable(in);
      all.put(first, many, many > 1 ? readVariable(in) : 1);
      all.size += many;
      end = all.last(all.filled - FIELDS) + 1;
    }
    return all;
  }

  private static void writeVariable(DataOutput out, long value) throws IOException {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out.writeByte((int) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    out.writeByte((int) rest);
  }

  private static long readVariable(DataInput in) throws IOException {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = in.readByte();
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IOException("a number of more than 64 bits");
  }
}

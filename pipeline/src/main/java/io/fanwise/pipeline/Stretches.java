package io.fanwise.pipeline;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Positions, noted as stretches: 5 to 9, 12, 20 to 31. They may be added in any order; the more
/// they come in order, the fewer stretches. Confined to one thread at a time.
final class Stretches {
  private long[] bounds = new long[16]; // from, to (left out), from, to, …
  private int filled;
  private long size;

  boolean isEmpty() {
    return filled == 0;
  }

  /// How many positions.
  long size() {
    return size;
  }

  /// Adds one.
  void add(long position) {
    add(position, position + 1);
  }

  /// Adds those from one up to another, which is left out; none of them is there yet.
  void add(long from, long to) {
    size += to - from;
    if (filled > 0 && bounds[filled - 1] == from) {
      bounds[filled - 1] = to;
      return;
    }
    if (filled == bounds.length) {
      bounds = Arrays.copyOf(bounds, 2 * filled);
    }
    bounds[filled++] = from;
    bounds[filled++] = to;
  }

  /// Each stretch: from, to (left out).
  List<long[]> all() {
    List<long[]> all = new ArrayList<>();
    for (int i = 0; i < filled; i += 2) {
      all.add(new long[] {bounds[i], bounds[i + 1]});
    }
    return all;
  }

  /// Adds all to a set.
  void addTo(PositionSet set) {
    for (int i = 0; i < filled; i += 2) {
      set.add(bounds[i], bounds[i + 1]);
    }
  }

  /// Takes all out of a set.
  void removeFrom(PositionSet set) {
    for (int i = 0; i < filled; i += 2) {
      set.remove(bounds[i], bounds[i + 1]);
    }
  }

  /// Writes them as the distances from each end to the next: some bytes a stretch.
  void writeTo(DataOutput out) throws IOException {
    sort();
    writeVariable(out, filled / 2);
    long last = 0;
    for (int i = 0; i < filled; i++) {
      writeVariable(out, bounds[i] - last);
      last = bounds[i];
    }
  }

  /// Reads what [#writeTo] wrote.
  static Stretches readFrom(DataInput in) throws IOException {
    long count = readVariable(in);
    Stretches all = new Stretches();
    long last = 0;
    for (long i = 0; i < count; i++) {
      long from = last + readVariable(in);
      last = from + readVariable(in);
      all.add(from, last);
    }
    return all;
  }

  private void sort() {
    int count = filled / 2;
    boolean sorted = true;
    for (int i = 1; i < count && sorted; i++) {
      sorted = bounds[2 * i - 1] < bounds[2 * i];
    }
    if (sorted) {
      return;
    }
    long[][] pairs = new long[count][];
    for (int i = 0; i < count; i++) {
      pairs[i] = new long[] {bounds[2 * i], bounds[2 * i + 1]};
    }
    Arrays.sort(pairs, (a, b) -> Long.compare(a[0], b[0]));
    filled = 0;
    size = 0;
    for (long[] pair : pairs) {
      add(pair[0], pair[1]);
    }
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

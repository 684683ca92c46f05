package io.fanwise.codec;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What was written in this frame and may be written again, by identity and in order.
///
/// Confined to one thread.
final class Handles {
  private static final int SMALLEST = 64;
  private static final int GONE_WHEN_LARGER = 4096;

  private @Nullable Object[] things = new Object[SMALLEST];
  private boolean[] open = new boolean[SMALLEST];
  // Open addressing, at most half full; what is here is the handle plus 1.
  private int[] table = new int[2 * SMALLEST];
  private int size;

  int size() {
    return size;
  }

  /// The handle of a thing, or -1.
  @SuppressWarnings("ReferenceEquality") // that is what it is for
  int find(Object thing) {
    int mask = table.length - 1;
    int at = slot(thing, mask);
    while (table[at] != 0) {
      if (things[table[at] - 1] == thing) {
        return table[at] - 1;
      }
      at = (at + 1) & mask;
    }
    return -1;
  }

  /// Adds a thing that is not here yet.
  ///
  /// @return its handle
  int add(Object thing) {
    if (size == things.length) {
      grow();
    }
    things[size] = thing;
    open[size] = false;
    put(thing, size);
    return size++;
  }

  /// Says that a thing exists only after its parts do, so they cannot refer to it.
  void open(int handle) {
    open[handle] = true;
  }

  void close(int handle) {
    open[handle] = false;
  }

  boolean isOpen(int handle) {
    return open[handle];
  }

  /// Forgets all but the first few.
  void keep(int count) {
    if (count == size) {
      return;
    }
    if (count == 0 && things.length > GONE_WHEN_LARGER) {
      things = new Object[SMALLEST];
      open = new boolean[SMALLEST];
      table = new int[2 * SMALLEST];
    } else {
      Arrays.fill(things, count, size, null);
      Arrays.fill(table, 0);
    }
    size = count;
    rehash();
  }

  private void grow() {
    things = Arrays.copyOf(things, 2 * size);
    open = Arrays.copyOf(open, 2 * size);
    table = new int[4 * size];
    rehash();
  }

  private void rehash() {
    for (int i = 0; i < size; i++) {
      Object thing = things[i];
      if (thing != null) {
        put(thing, i);
      }
    }
  }

  private void put(Object thing, int handle) {
    int mask = table.length - 1;
    int at = slot(thing, mask);
    while (table[at] != 0) {
      at = (at + 1) & mask;
    }
    table[at] = handle + 1;
  }

  private static int slot(Object thing, int mask) {
    int hash = System.identityHashCode(thing);
    return (hash ^ (hash >>> 15)) & mask;
  }
}

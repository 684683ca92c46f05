package io.fanwise.cli;

import java.util.BitSet;

/// Numbers for those who run at the same time, from 1, the lowest free one first. Guarded by its
/// monitor.
final class Slots {
  private final BitSet taken = new BitSet();

  synchronized int take() {
    int free = taken.nextClearBit(1);
    taken.set(free);
    return free;
  }

  synchronized void giveBack(int slot) {
    taken.clear(slot);
  }
}

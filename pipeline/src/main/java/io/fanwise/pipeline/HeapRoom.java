package io.fanwise.pipeline;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// How many inputs may be under way as far as the heap is concerned: any number, until a collection
/// leaves little of it free. Each that does halves the number, each that leaves enough doubles it.
///
/// Confined to the caller's thread.
final class HeapRoom {
  /// What a collection could not free of the heap, from where on it is short; and below which there
  /// is enough again.
  private static final double SHORT = 0.75;

  private static final double ENOUGH = 0.6;

  private static final long BETWEEN_LOOKS = TimeUnit.MILLISECONDS.toNanos(5);

  private final long heap;
  private final Collections collections;
  private long seen;
  private long limit = Long.MAX_VALUE;
  private long used;
  private long next = System.nanoTime();

  /// What is known of the heap.
  interface Collections {
    /// How much is in use now, garbage included.
    long inUse();

    /// How many there have been.
    long count();

    /// How much the last ones left.
    long left();
  }

  /// @param heap how large the heap may be
  HeapRoom(long heap, Collections collections) {
    this.heap = heap;
    this.collections = collections;
  }

  /// The heap of this JVM.
  static HeapRoom ofThisJvm() {
    return new HeapRoom(Runtime.getRuntime().maxMemory(), new Jvm());
  }

  /// What the JVM says of itself; it is asked for more only when much is in use, as that has to be
  /// loaded.
  private static final class Jvm implements Collections {
    private static final class Beans {
      static final List<GarbageCollectorMXBean> COLLECTORS =
          ManagementFactory.getGarbageCollectorMXBeans();
      static final List<MemoryPoolMXBean> POOLS =
          ManagementFactory.getMemoryPoolMXBeans().stream()
              .filter(pool -> pool.getType() == MemoryType.HEAP)
              .toList();
    }

    @Override
    public long inUse() {
      Runtime runtime = Runtime.getRuntime();
      return runtime.totalMemory() - runtime.freeMemory();
    }

    @Override
    public long count() {
      return Beans.COLLECTORS.stream().mapToLong(GarbageCollectorMXBean::getCollectionCount).sum();
    }

    @Override
    public long left() {
      long left = 0;
      for (MemoryPoolMXBean pool : Beans.POOLS) {
        MemoryUsage usage = pool.getCollectionUsage();
        left += usage == null ? 0 : usage.getUsed();
      }
      return left;
    }
  }

  /// Why no more is to be begun, in words; empty if more may be. One input always may.
  ///
  /// @param underWay how many have been begun and are not written
  Optional<String> shortage(long underWay, long now) {
    if (now - next >= 0) {
      next = now + BETWEEN_LOOKS;
      look(underWay);
    }
    return underWay < limit
        ? Optional.empty()
        : Optional.of("%,d of %,d MB of the heap are in use".formatted(used >> 20, heap >> 20));
  }

  private void look(long underWay) {
    if (limit == Long.MAX_VALUE && collections.inUse() <= SHORT * heap) {
      return;
    }
    long count = collections.count();
    if (count == seen) {
      return;
    }
    seen = count;
    used = collections.left();
    if (used > SHORT * heap) {
      limit = Math.max(1, Math.min(limit, underWay) / 2);
    } else if (used < ENOUGH * heap && limit < Long.MAX_VALUE) {
      limit = limit > Integer.MAX_VALUE ? Long.MAX_VALUE : 2 * limit;
    }
  }
}

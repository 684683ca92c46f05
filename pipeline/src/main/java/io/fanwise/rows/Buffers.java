package io.fanwise.rows;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.util.BufferRecycler;
import tools.jackson.core.util.RecyclerPool;

/// The buffers of those who write JSON: a few seats, of which a thread looks at one. Whoever finds
/// its seat empty makes a new buffer; whoever finds it taken lets its own go.
///
/// Jackson's own pool is one list that all threads change with every value that is written, which
/// cost a fifth of the time of writing small records on two threads; one for each thread would keep
/// a buffer for every virtual thread there is.
///
/// Safe for use by many threads.
final class Buffers implements RecyclerPool<BufferRecycler> {
  private static final long serialVersionUID = 1;

  /// More than there are cores, mostly; a power of two.
  private static final int SEATS = 64;

  @SuppressWarnings("serial") // it is never written
  private final transient AtomicReferenceArray<@Nullable BufferRecycler> seats =
      new AtomicReferenceArray<>(SEATS);

  @Override
  public BufferRecycler acquirePooled() {
    BufferRecycler found = seats.getAndSet(seat(), null);
    return found == null ? new BufferRecycler() : found;
  }

  @Override
  public BufferRecycler acquireAndLinkPooled() {
    return acquirePooled().withPool(this);
  }

  @Override
  public void releasePooled(BufferRecycler recycler) {
    seats.lazySet(seat(), recycler);
  }

  @Override
  public int pooledCount() {
    return -1;
  }

  @Override
  public boolean clear() {
    for (int i = 0; i < SEATS; i++) {
      seats.set(i, null);
    }
    return true;
  }

  private static int seat() {
    return (int) Thread.currentThread().threadId() & (SEATS - 1);
  }
}

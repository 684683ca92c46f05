package io.fanwise;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The one queue of a run: workers put in what they finish, the caller's thread takes everything
/// out.
///
/// A stack that many push onto and one takes whole, which needs no lock. Pushing wakes the taker
/// only if the stack was empty: otherwise it has been woken already. Proved in `stress`.
final class Arrivals {
  private final AtomicReference<@Nullable Dispatch> newest = new AtomicReference<>();
  private volatile @Nullable Thread waiting;
  private volatile boolean woken;

  /// Called once for each dispatch, by whoever finished it.
  void put(Dispatch dispatch) {
    Dispatch last;
    do {
      last = newest.get();
      dispatch.earlier = last;
    } while (!newest.compareAndSet(last, dispatch));
    if (last == null) {
      unpark();
    }
  }

  boolean isEmpty() {
    return newest.get() == null;
  }

  /// Ends the wait of the taker, now or the next time it waits.
  void wake() {
    woken = true;
    unpark();
  }

  /// Everything that has arrived, oldest first, linked by [Dispatch#earlier] (which then leads to
  /// the later one); null if nothing has.
  @Nullable Dispatch takeAll() {
    Dispatch taken = newest.get() == null ? null : newest.getAndSet(null);
    Dispatch oldestFirst = null;
    while (taken != null) {
      Dispatch next = taken.earlier;
      taken.earlier = oldestFirst;
      oldestFirst = taken;
      taken = next;
    }
    return oldestFirst;
  }

  /// Waits until something has arrived, somebody called [#wake], the time is up or the thread is
  /// interrupted.
  ///
  /// @param nanos how long at most; [Long#MAX_VALUE] for as long as it takes
  void await(long nanos) {
    long deadline = nanos == Long.MAX_VALUE ? 0 : System.nanoTime() + nanos;
    waiting = Thread.currentThread();
    try {
      while (newest.get() == null && !woken && !Thread.currentThread().isInterrupted()) {
        if (nanos == Long.MAX_VALUE) {
          LockSupport.park(this);
        } else {
          long left = deadline - System.nanoTime();
          if (left <= 0) {
            return;
          }
          LockSupport.parkNanos(this, left);
        }
      }
    } finally {
      waiting = null;
      woken = false;
    }
  }

  private void unpark() {
    Thread taker = waiting;
    if (taker != null) {
      LockSupport.unpark(taker);
    }
  }
}

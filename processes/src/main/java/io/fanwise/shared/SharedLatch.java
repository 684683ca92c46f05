package io.fanwise.shared;

import java.io.Serializable;
import java.time.Duration;

/// Waits until so many things have happened. Made by [Shared#latch].
///
/// What a worker counted before it died stays counted, what it did not count stays open; if its
/// task is tried again, it counts again. Wait with a duration when workers may die for good.
///
/// Safe for use by many threads, in any JVM.
public final class SharedLatch implements Serializable {
  private static final long serialVersionUID = 1;

  final transient Line line;

  SharedLatch(Line line) {
    this.line = line;
  }

  /// Where it is travels, not what is in it.
  ///
  /// @return what stands for it
  private Object writeReplace() {
    return line.reference();
  }

  /// One thing has happened. An open latch stays open.
  public void countDown() {
    line.call(Verb.COUNT_DOWN);
  }

  /// How many are still to come.
  ///
  /// @return the count, 0 when it is open
  public long count() {
    return line.number(Verb.GET);
  }

  /// Waits until it is open.
  ///
  /// @throws InterruptedException if the calling thread is interrupted
  public void await() throws InterruptedException {
    line.await(Verb.AWAIT, Line.FOREVER);
  }

  /// Waits until it is open, but not longer than that.
  ///
  /// @param patience how long at most
  /// @return whether it is open
  /// @throws InterruptedException if the calling thread is interrupted
  public boolean await(Duration patience) throws InterruptedException {
    return line.await(Verb.AWAIT, Line.nanos(patience)) != null;
  }

  /// What it is and how it is at this moment; not how it is, if it lives in another JVM. Never
  /// waits.
  @Override
  public String toString() {
    return line.toString();
  }
}

package io.fanwise.shared;

import java.io.Serializable;
import java.time.Duration;

/// So many may do something at the same time, over all workers, first come first served. Made by
/// [Shared#semaphore].
///
/// A permit counts as held by the worker that acquired it until that worker releases one. When a
/// worker dies, the permits that it holds are returned.
///
/// Safe for use by many threads, in any JVM.
public final class SharedSemaphore implements Serializable {
  private static final long serialVersionUID = 1;

  final transient Line line;

  SharedSemaphore(Line line) {
    this.line = line;
  }

  /// Where it is travels, not what is in it.
  ///
  /// @return what stands for it
  private Object writeReplace() {
    return line.reference();
  }

  /// Waits for a permit, and takes it.
  ///
  /// @throws InterruptedException if the calling thread is interrupted; then it has none
  public void acquire() throws InterruptedException {
    acquire(1);
  }

  /// Waits for that many permits, and takes them together.
  ///
  /// @param permits how many, at least 1
  /// @throws InterruptedException if the calling thread is interrupted; then it has none
  public void acquire(int permits) throws InterruptedException {
    line.await(Verb.ACQUIRE, Line.FOREVER, atLeastOne(permits));
  }

  /// Takes that many permits if they are there by then.
  ///
  /// @param permits how many, at least 1
  /// @param patience how long to wait at most; zero is not at all
  /// @return whether it has them
  /// @throws InterruptedException if the calling thread is interrupted; then it has none
  public boolean tryAcquire(int permits, Duration patience) throws InterruptedException {
    return line.await(Verb.ACQUIRE, Line.nanos(patience), atLeastOne(permits)) != null;
  }

  /// Returns a permit, or adds one if this worker holds none.
  public void release() {
    release(1);
  }

  /// Returns that many permits, or adds them as far as this worker holds none.
  ///
  /// @param permits how many, at least 1
  public void release(int permits) {
    line.call(Verb.RELEASE, atLeastOne(permits));
  }

  /// How many permits nobody has.
  ///
  /// @return that many, at this moment
  public long available() {
    return line.number(Verb.GET);
  }

  private static long atLeastOne(int permits) {
    return Shared.atLeast(1, "permits", permits);
  }

  /// What it is and how it is at this moment; not how it is, if it lives in another JVM. Never
  /// waits.
  @Override
  public String toString() {
    return line.toString();
  }
}

package io.fanwise.shared;

import java.io.Serializable;
import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeoutException;

/// So many wait for each other, then all go on; again and again. Made by [Shared#barrier].
///
/// It breaks, for all who wait and all who come later, when one of them is interrupted or gives up,
/// or when a worker dies that has ever been at it: the others would wait for ever. [#reset] makes
/// it whole.
///
/// Safe for use by many threads, in any JVM.
public final class SharedBarrier implements Serializable {
  private static final long serialVersionUID = 1;

  final transient Line line;

  SharedBarrier(Line line) {
    this.line = line;
  }

  /// Where it is travels, not what is in it.
  ///
  /// @return what stands for it
  private Object writeReplace() {
    return line.reference();
  }

  /// Waits until all have arrived.
  ///
  /// @throws InterruptedException if the calling thread is interrupted; then the barrier is broken
  /// @throws BrokenBarrierException if it is broken; the message says by what
  public void await() throws InterruptedException, BrokenBarrierException {
    arrive(Line.FOREVER);
  }

  /// Waits until all have arrived, but not longer than that.
  ///
  /// @param patience how long at most
  /// @throws InterruptedException if the calling thread is interrupted; then the barrier is broken
  /// @throws BrokenBarrierException if it is broken; the message says by what
  /// @throws TimeoutException if it took longer; then the barrier is broken
  public void await(Duration patience)
      throws InterruptedException, BrokenBarrierException, TimeoutException {
    if (!arrive(Line.nanos(patience))) {
      throw new TimeoutException("not all have arrived at the barrier within " + patience);
    }
  }

  private boolean arrive(long patience) throws InterruptedException, BrokenBarrierException {
    try {
      return line.await(Verb.AWAIT, patience) != null;
    } catch (Refused broken) {
      throw new BrokenBarrierException(broken.text());
    }
  }

  /// How many wait now.
  ///
  /// @return that many
  public long waiting() {
    return line.number(Verb.GET);
  }

  /// Whether somebody was missed, so that nobody can wait here.
  ///
  /// @return whether it is broken
  public boolean broken() {
    return line.yes(Verb.ENDED);
  }

  /// Makes it whole again. It breaks for those who wait now.
  public void reset() {
    line.call(Verb.RESET);
  }

  /// What it is and how it is at this moment; not how it is, if it lives in another JVM. Never
  /// waits.
  @Override
  public String toString() {
    return line.toString();
  }
}

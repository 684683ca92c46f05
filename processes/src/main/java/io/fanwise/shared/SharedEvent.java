package io.fanwise.shared;

import java.io.Serializable;
import java.time.Duration;

/// A flag that can be waited for. Made by [Shared#event].
///
/// If the worker that was to set it dies before, nobody sets it: wait with a duration when that may
/// happen. What has been set stays set.
///
/// Safe for use by many threads, in any JVM.
public final class SharedEvent implements Serializable {
  private static final long serialVersionUID = 1;

  final transient Line line;

  SharedEvent(Line line) {
    this.line = line;
  }

  /// Where it is travels, not what is in it.
  ///
  /// @return what stands for it
  private Object writeReplace() {
    return line.reference();
  }

  /// Sets it, so that all go on who wait for it.
  public void set() {
    line.call(Verb.SET);
  }

  /// Takes it back, so that it can be waited for again.
  public void clear() {
    line.call(Verb.CLEAR);
  }

  /// Looks, and does not wait.
  ///
  /// @return whether it is set
  public boolean isSet() {
    return line.yes(Verb.GET);
  }

  /// Waits until it is set.
  ///
  /// @throws InterruptedException if the calling thread is interrupted
  public void await() throws InterruptedException {
    line.await(Verb.AWAIT, Line.FOREVER);
  }

  /// Waits until it is set, but not longer than that.
  ///
  /// @param patience how long at most
  /// @return whether it was set
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

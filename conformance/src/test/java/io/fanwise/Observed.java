package io.fanwise;

import io.fanwise.shared.Shared;
import io.fanwise.shared.SharedCounter;
import io.fanwise.work.Task;
import java.util.concurrent.CountDownLatch;

/// A task that counts how often it was begun, how often it is running, and how often it ran at the
/// same time. Safe for use by many threads, in any JVM.
final class Observed<T, R> implements Task<T, R> {
  private static final long serialVersionUID = 1;

  private final Task<T, R> task;
  private final SharedCounter begun = Shared.counter();
  private final SharedCounter running = Shared.counter();
  private final SharedCounter most = Shared.counter();

  Observed(Task<T, R> task) {
    this.task = task;
  }

  @Override
  public R run(T input) throws Exception {
    begun.increment();
    atLeast(running.increment());
    try {
      return task.run(input);
    } finally {
      running.add(-1);
    }
  }

  private void atLeast(long now) {
    long before = most.get();
    while (before < now && !most.compareAndSet(before, now)) {
      before = most.get();
    }
  }

  long begun() {
    return begun.get();
  }

  long running() {
    return running.get();
  }

  /// How often it was running when it was running most.
  long most() {
    return most.get();
  }

  /// Waits until somebody interrupts.
  @SuppressWarnings("TypeParameterUnusedInFormals") // it never returns
  static <R> R untilInterrupted() throws InterruptedException {
    new CountDownLatch(1).await();
    throw new AssertionError("unreachable");
  }
}

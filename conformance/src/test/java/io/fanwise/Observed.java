package io.fanwise;

import io.fanwise.work.Task;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// A task that counts how often it was begun, and how often it is running. Safe for use by many
/// threads.
final class Observed<T, R> implements Task<T, R> {
  private static final long serialVersionUID = 1;

  private final Task<T, R> task;
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger running = new AtomicInteger();

  Observed(Task<T, R> task) {
    this.task = task;
  }

  @Override
  public R run(T input) throws Exception {
    begun.incrementAndGet();
    running.incrementAndGet();
    try {
      return task.run(input);
    } finally {
      running.decrementAndGet();
    }
  }

  int begun() {
    return begun.get();
  }

  int running() {
    return running.get();
  }

  /// Waits until somebody interrupts.
  @SuppressWarnings("TypeParameterUnusedInFormals") // it never returns
  static <R> R untilInterrupted() throws InterruptedException {
    new CountDownLatch(1).await();
    throw new AssertionError("unreachable");
  }
}

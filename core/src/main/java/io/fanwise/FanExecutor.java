package io.fanwise;

import io.fanwise.spi.Workers;
import io.fanwise.work.Batch;
import io.fanwise.work.Failure;
import io.fanwise.work.Task;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Workers as a standard executor: each task is a call of its own.
///
/// Everything mutable is guarded by `lock`, which is never held while user code runs. The workers
/// are shared, so closing the executor ends what was submitted to it, not them.
final class FanExecutor extends AbstractExecutorService {
  // OPEN ──▶ SHUT (takes no more tasks) ──▶ TERMINATED (the last has ended)
  private enum State {
    OPEN,
    SHUT,
    TERMINATED
  }

  private final Workers workers;
  private final Recipe recipe;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition terminated = lock.newCondition();
  private final Set<Submitted> pending = new HashSet<>();
  private State state = State.OPEN;

  FanExecutor(Workers workers, Recipe recipe) {
    this.workers = workers;
    this.recipe = recipe;
  }

  @Override
  public void execute(Runnable command) {
    Objects.requireNonNull(command, "command");
    Submitted submitted = new Submitted(command);
    lock.lock();
    try {
      if (state != State.OPEN) {
        throw new RejectedExecutionException("this executor is shut down");
      }
      pending.add(submitted);
    } finally {
      lock.unlock();
    }
    boolean accepted = false;
    try {
      workers.submit(submitted.dispatch);
      accepted = true;
    } finally {
      if (!accepted) {
        ended(submitted);
      }
    }
  }

  private void ended(Submitted submitted) {
    lock.lock();
    try {
      pending.remove(submitted);
      if (state == State.SHUT && pending.isEmpty()) {
        state = State.TERMINATED;
        terminated.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void shutdown() {
    lock.lock();
    try {
      if (state == State.OPEN) {
        state = pending.isEmpty() ? State.TERMINATED : State.SHUT;
        terminated.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<Runnable> shutdownNow() {
    shutdown();
    List<Submitted> left;
    lock.lock();
    try {
      left = List.copyOf(pending);
    } finally {
      lock.unlock();
    }
    List<Runnable> neverBegun = new ArrayList<>();
    for (Submitted submitted : left) {
      workers.cancel(submitted.dispatch);
      if (submitted.neverBegan()) {
        neverBegun.add(submitted.command);
      }
    }
    return neverBegun;
  }

  @Override
  public boolean isShutdown() {
    lock.lock();
    try {
      return state != State.OPEN;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isTerminated() {
    lock.lock();
    try {
      return state == State.TERMINATED;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    long nanos = unit.toNanos(timeout);
    lock.lock();
    try {
      while (state != State.TERMINATED) {
        if (nanos <= 0) {
          return false;
        }
        nanos = terminated.awaitNanos(nanos);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// A command on its way: what it is, and the call that carries it.
  private final class Submitted {
    private final Runnable command;
    private final Dispatch dispatch;

    Submitted(Runnable command) {
      this.command = command;
      Task<Runnable, Boolean> run =
          runnable -> {
            runnable.run();
            return true;
          };
      Batch batch = new Batch(run, new Object[] {command}, 0, recipe.rules(false, true));
      this.dispatch =
          new Dispatch(
              batch,
              new Slot(0, 1, System.nanoTime()),
              0,
              1,
              new Dispatch.Bindings(
                  recipe.bindings(workers),
                  Thread.currentThread().getContextClassLoader(),
                  this::home));
    }

    private void home(Dispatch back) {
      ended(this);
      Batch.Result result = back.result();
      if (result.failed() > 0 && result.results()[0] instanceof Failure failure) {
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, failure.error());
      }
    }

    boolean neverBegan() {
      return dispatch.home() && dispatch.result().worker().isEmpty();
    }
  }
}

package io.fanwise;

import io.fanwise.work.Attempts;
import io.fanwise.work.EndsRun;
import io.fanwise.work.Execution;
import io.fanwise.work.Failure;
import io.fanwise.work.Inputs;
import io.fanwise.work.Outcome;
import io.fanwise.work.PushedBack;
import io.fanwise.work.Task;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A run without workers, where nothing is to be repeated, timed or told: a loop on the caller's
/// thread, input by input. [Run] could do it too, at four times the cost (adr/0004).
///
/// Guarded by `pulling`, apart from [#section], on which the thread that pulls and the one that
/// closes meet: an interrupt is sent only while the task runs, and the task's end waits for it.
final class InPlace implements Pull {
  // QUIET ◀──▶ TASK ──▶ INTERRUPTING ──▶ STOPPED;  QUIET ──▶ STOPPED
  private static final int QUIET = 0;
  private static final int TASK = 1;
  private static final int INTERRUPTING = 2;
  private static final int STOPPED = 3;

  /// How long it may take until a close is noticed while it waits.
  private static final long HEED_NANOS = 10_000_000;

  private final Task<Object, Object> task;
  private final Source source;
  private final Failures failures;
  private final Retry retry;
  private final int batch;
  private final Ambient around;
  private final ScopedValue.Carrier bindings;
  private final Watch watch;
  private final ReentrantLock pulling = new ReentrantLock();
  private final AtomicInteger section = new AtomicInteger(QUIET);
  private volatile @Nullable Thread runner;
  private volatile boolean closing;
  private volatile boolean reading;
  private long read;
  private boolean over;
  private @Nullable Throwable ended;

  @SuppressWarnings("unchecked") // whoever made the run has checked that the task takes the inputs
  InPlace(Recipe recipe, Ambient around, Task<?, ?> task, Source source, Failures failures) {
    this.task = (Task<Object, Object>) task;
    this.source = source;
    this.failures = failures;
    this.retry = recipe.retry();
    int wanted = Math.max(1, recipe.batch());
    this.batch = recipe.window() > 0 ? Math.min(wanted, recipe.window()) : wanted;
    this.bindings = recipe.bindings(around);
    this.around = around;
    this.watch = new Watch(null, source);
  }

  @Override
  public int appetite() {
    return batch;
  }

  @Override
  public @Nullable Results next(BooleanSupplier enough) {
    pulling.lock();
    try {
      if (over) {
        return Pull.nothingMore(ended);
      }
      heed();
      Inputs inputs = read();
      while (inputs == null && !source.exhausted() && source.untilMore() > 0) {
        await(Math.min(source.untilMore(), HEED_NANOS));
        inputs = read();
      }
      if (inputs == null) {
        end();
        return null;
      }
      return run(inputs);
    } catch (Throwable e) {
      stop(e);
      throw e;
    } finally {
      if (closing) {
        stop(Pull.closed()); // by somebody who could not wait
      }
      pulling.unlock();
    }
  }

  private void heed() {
    if (closing) {
      throw Pull.closed();
    }
    if (Thread.currentThread().isInterrupted()) {
      throw Pull.interrupted();
    }
  }

  private @Nullable Inputs read() {
    reading = true;
    try {
      return source.take(batch);
    } finally {
      reading = false;
    }
  }

  private Results run(Inputs inputs) {
    int count = inputs.size();
    Object[] values = new Object[count];
    for (int i = 0; i < count; i++) {
      if (i > 0) {
        heed();
      }
      Object input = inputs.get(i);
      long begun = failures == Failures.ARE_OUTCOMES ? System.nanoTime() : 0;
      Object value = letIn(input, read + i);
      watch.done(value instanceof Failure ? 0 : 1);
      boolean ends = value instanceof Failure failure && EndsRun.is(failure.error());
      values[i] =
          failures == Failures.ARE_OUTCOMES && !ends
              ? outcome(input, read + i, System.nanoTime() - begun, value)
              : value;
      if (values[i] instanceof Failure failure) {
        TaskFailed failed = new TaskFailed(input, read + i, 1, "sequential", failure.error());
        failed.keep(read, values);
        watch.failed();
        throw failed;
      }
    }
    Results results = new Results(read, values);
    read += count;
    return results;
  }

  /// Attempts, until it is not pushed back.
  private Object letIn(Object input, long index) {
    Object value = attempt(input, index);
    long begun = value instanceof Failure ? System.nanoTime() : 0;
    while (value instanceof Failure failure && failure.error() instanceof PushedBack pushedBack) {
      long tried = System.nanoTime() - begun;
      long wait = retry.waitNanos(pushedBack, tried, ThreadLocalRandom.current());
      if (tried + wait > retry.patienceNanos()) {
        return value;
      }
      await(wait);
      value = attempt(input, index);
    }
    return value;
  }

  private void await(long nanos) {
    long until = System.nanoTime() + nanos;
    for (long left = nanos; left > 0; left = until - System.nanoTime()) {
      heed();
      LockSupport.parkNanos(this, Math.min(left, HEED_NANOS));
    }
    heed();
  }

  private Object attempt(Object input, long index) {
    Thread current = Thread.currentThread();
    if (!current.equals(runner)) {
      runner = current;
    }
    if (!section.compareAndSet(QUIET, TASK)) {
      throw Pull.closed();
    }
    Object value = bindings.call(() -> Attempts.once(task, input, index, "sequential"));
    if (!section.compareAndSet(TASK, QUIET)) {
      while (section.get() == INTERRUPTING) {
        Thread.onSpinWait();
      }
      Thread.interrupted();
      throw Pull.closed();
    }
    if (value instanceof Failure failure && Attempts.ateInterrupt(failure.error())) {
      current.interrupt();
    }
    if (value instanceof Failure && current.isInterrupted()) {
      throw Pull.interrupted();
    }
    return value;
  }

  private Object outcome(Object input, long index, long nanos, Object value) {
    Execution execution = new Execution(index, 1, Duration.ofNanos(nanos), "sequential");
    if (value instanceof Failure failure) {
      watch.failed();
      return new Outcome.Failed<>(input, failure.error(), execution);
    }
    return new Outcome.Done<>(input, value, execution);
  }

  private void end() {
    if (source.exhausted()) {
      over = true;
      source.close();
      watch.end(null);
    }
  }

  @Override
  public void cancel() {
    closing = true;
    interruptTask();
  }

  @Override
  public void close() {
    closing = true;
    if (pulling.isHeldByCurrentThread()) {
      return; // closed by the task or the source: the pull ends the run on its way out
    }
    interruptTask();
    if (around.surrounds(Ambient.current())) {
      return; // closed by its own task, on another thread, which cannot wait for itself
    }
    while (!pulling.tryLock()) {
      interruptTask();
      if (reading) {
        return; // the source blocks the thread that reads it: that thread ends the run when it can
      }
      LockSupport.parkNanos(100_000);
    }
    try {
      stop(Pull.closed());
    } finally {
      pulling.unlock();
    }
  }

  private void interruptTask() {
    if (section.compareAndSet(TASK, INTERRUPTING)) {
      Thread thread = runner; // it was there before the task began
      if (thread != null && !thread.equals(Thread.currentThread())) {
        thread.interrupt(); // an own task that still counts as running was ended by a full stack
      }
      section.set(STOPPED);
    } else {
      section.compareAndSet(QUIET, STOPPED);
    }
  }

  private void stop(Throwable error) {
    if (over) {
      return;
    }
    over = true;
    ended = error;
    Pull.close(source::close, error);
    watch.end(error);
  }
}

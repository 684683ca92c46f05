package io.fanwise.work;

import java.io.InterruptedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/// A batch at work: each of its inputs goes through the task once, on one thread, which others may
/// interrupt.
///
/// The thread that runs it owns everything here but [#state], on which it meets the one who cancels
/// and the clock. An interrupt is only ever sent between `INTERRUPTING` and the state after it, and
/// the owner does not leave an attempt while that lasts: so no interrupt reaches another attempt,
/// another batch, or whoever uses the thread next.
public final class Attempts {
  // Low four bits: the phase. The rest: which attempt of the batch, counted only under a timeout.
  //
  // NEW ──▶ BEGINNING ──▶ RUNNING ◀──▶ BETWEEN ──▶ ENDED
  //  │        │            │           ▲
  //  │        │            └─▶ STOPPING ─▶ ENDED
  //  │        ├─▶ INTERRUPTING ─▶ TIMED_OUT (back to BETWEEN) ─▶ ABANDONED
  //  │        └─▶ INTERRUPTING ─▶ CANCELLED ─▶ STOPPING, ENDED, ABANDONED
  //  └──▶ CANCELLED (never begins)
  private static final int NEW = 0;
  private static final int RUNNING = 1;
  private static final int BETWEEN = 2;
  private static final int INTERRUPTING = 3;
  private static final int TIMED_OUT = 4;
  private static final int CANCELLED = 5;
  private static final int ENDED = 6;
  private static final int ABANDONED = 7;
  private static final int STOPPING = 8;
  private static final int BEGINNING = 9;
  private static final int PHASE = 15;
  private static final int NUMBER = 4;

  /// Chains of causes are not followed any further: they may be circular.
  private static final int DEEPEST_CAUSE = 50;

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Attempts.class, "state", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Batch batch;
  private final @Nullable Gauge gauge;
  private final Object[] results;
  private final long[] each;
  private volatile long state = NEW;

  private @Nullable Thread thread;
  private String worker = "";
  private @Nullable Consumer<Batch.Result> whenAbandoned;
  private int at;
  private int failed;
  private long begun;
  private long started;
  private boolean interrupted;
  private @Nullable TaskTimedOut timedOut;
  private volatile @Nullable Future<?> alarm;

  /// Where it is written down which input is at work, so that this is known even if all else is
  /// lost. Written by the thread that runs the batch.
  public interface Gauge {
    /// An attempt begins.
    ///
    /// @param offset which input, 0 for the first
    /// @param since when, by [System#nanoTime]: of the attempt if each is timed, otherwise of the
    ///   batch
    void begins(int offset, long since);
  }

  /// Gets ready to run a batch, once.
  ///
  /// @param batch what to run
  public Attempts(Batch batch) {
    this(batch, null);
  }

  /// Gets ready to run a batch, once.
  ///
  /// @param batch what to run
  /// @param gauge where to write down which input is at work; null if nobody wants to know
  public Attempts(Batch batch, @Nullable Gauge gauge) {
    this.batch = batch;
    this.gauge = gauge;
    this.results = new Object[batch.size()];
    this.each = batch.rules().timed() ? new long[batch.size()] : new long[0];
  }

  /// Runs the batch on the current thread. Never throws: what the task throws is in the result.
  ///
  /// @param name the name of the worker
  /// @param whenAbandoned told the result, on another thread, if an attempt ignores the interrupt
  ///   after its timeout, and if so this method returns empty-handed when the task returns at last;
  ///   null if the current thread cannot be spared
  /// @return what came of it; null if somebody has been told already: the batch was cancelled
  ///   before it began, or the thread was abandoned
  public Batch.@Nullable Result run(String name, @Nullable Consumer<Batch.Result> whenAbandoned) {
    if (!STATE.compareAndSet(this, (long) NEW, (long) BEGINNING)) {
      return null;
    }
    this.thread = Thread.currentThread();
    this.worker = name;
    this.whenAbandoned = whenAbandoned;
    begun = System.nanoTime();
    started = begun;
    state = RUNNING;
    boolean onTime = !batch.rules().timeout().isZero();
    if (onTime) {
      watchAgain(batch.rules().timeout().toNanos());
    }
    return onTime || batch.rules().timed() ? runTimed(onTime) : runPlain();
  }

  /// Asks the batch to stop: the attempt that runs is interrupted, those behind it are left alone.
  ///
  /// @return true if the batch had not begun; then it never will, and [#run] will return null
  public boolean cancel() {
    while (true) {
      long now = state;
      switch ((int) now & PHASE) {
        case NEW -> {
          if (STATE.compareAndSet(this, now, (long) CANCELLED)) {
            return true;
          }
        }
        case BETWEEN -> {
          if (STATE.compareAndSet(this, now, to(STOPPING, now))) {
            return false;
          }
        }
        case RUNNING, TIMED_OUT -> {
          if (STATE.compareAndSet(this, now, to(INTERRUPTING, now))) {
            interrupt();
            state = to(CANCELLED, now);
            return false;
          }
        }
        case BEGINNING, INTERRUPTING -> Thread.onSpinWait();
        default -> {
          return false;
        }
      }
    }
  }

  /// Whether somebody else interrupted the thread while it ran the batch: neither [#cancel] nor the
  /// timeout. Only for the thread that ran it.
  ///
  /// @return true if the interrupt must be passed on
  public boolean interruptedByOthers() {
    return interrupted;
  }

  /// Whether the thread that runs it has been given up.
  ///
  /// @return true from before somebody is told of it
  public boolean isAbandoned() {
    return ((int) state & PHASE) == ABANDONED;
  }

  /// Which input is at work, as far as another thread can see: a glimpse for progress displays.
  ///
  /// @return the offset in the batch; -1 if none
  public int running() {
    int phase = (int) state & PHASE;
    return switch (phase) {
      case NEW, BEGINNING, ENDED, ABANDONED -> -1;
      default -> thread == null ? -1 : Math.min(at, batch.size() - 1);
    };
  }

  /// Since when, as far as another thread can see.
  ///
  /// @return a reading of [System#nanoTime]: of the attempt if each is timed, otherwise of the
  ///   batch
  public long since() {
    return started;
  }

  /// The name of the worker, once it runs.
  ///
  /// @return empty before
  public String worker() {
    return worker;
  }

  private Batch.@Nullable Result runPlain() {
    Inputs inputs = batch.inputs();
    Task<Object, Object> task = batch.task();
    Object[] out = results;
    int size = out.length;
    long first = batch.first();
    boolean goOn = true;
    for (int i = 0; i < size && goOn && state == RUNNING; i++) {
      if (gauge != null) {
        gauge.begins(i, begun);
      }
      Object result = once(task, inputs.get(i), first + i, worker);
      if (result instanceof Failure || Thread.currentThread().isInterrupted()) {
        goOn = keep(result);
      } else {
        out[i] = result;
        at = i + 1;
      }
    }
    return end();
  }

  private Batch.@Nullable Result runTimed(boolean onTime) {
    Inputs inputs = batch.inputs();
    int size = inputs.size();
    Task<Object, Object> task = batch.task();
    boolean goOn = true;
    while (at < size && goOn && (!onTime ? state == RUNNING : at == 0 || next())) {
      if (gauge != null) {
        gauge.begins(at, started);
      }
      Object result = once(task, inputs.get(at), batch.first() + at, worker);
      long now = System.nanoTime();
      if (onTime && !STATE.compareAndSet(this, number() | RUNNING, number() | BETWEEN)) {
        result = stopped(result);
        if (((int) state & PHASE) == ABANDONED) {
          return null;
        }
      }
      if (each.length > 0) {
        each[at] = now - started;
      }
      started = now;
      goOn = keep(result);
    }
    return end();
  }

  private long number() {
    return (long) at << NUMBER;
  }

  /// The next attempt begins, unless the batch was cancelled.
  private boolean next() {
    started = System.nanoTime();
    return STATE.compareAndSet(this, ((long) (at - 1) << NUMBER) | BETWEEN, number() | RUNNING);
  }

  /// One attempt, on the current thread. Never throws.
  ///
  /// @param task what to run
  /// @param input what to run it on
  /// @param index where the input stands in the whole run
  /// @param worker who runs it
  /// @return the result, or a [Failure]
  public static Object once(Task<Object, Object> task, Object input, long index, String worker) {
    // the first event of a JVM sets up all of Flight Recorder, which takes longer than anything
    // else
    AttemptEvent event = FlightRecorder.isInitialized() ? AttemptEvent.started() : null;
    Object result;
    try {
      result = task.run(input);
      if (result == null) {
        result = new Failure(new NullPointerException(NO_RESULT));
      }
    } catch (Throwable error) {
      result = new Failure(error);
    }
    if (event != null) {
      event.end(index, worker, result instanceof Failure);
    }
    return result;
  }

  private static final String NO_RESULT =
      "the task returned null; results must not be null. Return an Optional, or use forEach if there"
          + " is nothing to return";

  /// An attempt that was interrupted has ended: by its timeout, by cancel, or it was abandoned.
  private Object stopped(Object result) {
    while (true) {
      long now = state;
      switch ((int) now & PHASE) {
        case INTERRUPTING -> Thread.onSpinWait();
        case TIMED_OUT -> {
          if (STATE.compareAndSet(this, now, to(BETWEEN, now))) {
            Thread.interrupted();
            return new Failure(Objects.requireNonNull(timedOut));
          }
        }
        case CANCELLED -> {
          if (STATE.compareAndSet(this, now, to(STOPPING, now))) {
            return result; // from here on the clock leaves it alone
          }
        }
        default -> {
          return result;
        }
      }
    }
  }

  /// Writes down what came of the current input; false if the inputs behind it are to be left
  /// alone.
  private boolean keep(Object result) {
    boolean flagged = Thread.interrupted();
    if (result instanceof Failure failure) {
      if (cancelled() && isInterrupt(failure.error())) {
        return false; // it did not fail, it was stopped: as if it had never been run
      }
      flagged |= ateInterrupt(failure.error());
      failed++;
    }
    if (flagged && !cancelled()) {
      interrupted = true;
    }
    results[at++] = result;
    boolean mustStop = interrupted && whenAbandoned == null; // the thread is the caller's own
    return !mustStop && !(result instanceof Failure && batch.rules().stopAtFailure());
  }

  private boolean cancelled() {
    int phase = (int) state & PHASE;
    return phase == CANCELLED || phase == INTERRUPTING || phase == STOPPING;
  }

  private Batch.@Nullable Result end() {
    while (true) {
      long now = state;
      switch ((int) now & PHASE) {
        case INTERRUPTING -> Thread.onSpinWait();
        case ABANDONED -> {
          return null;
        }
        default -> {
          if (STATE.compareAndSet(this, now, to(ENDED, now))) {
            Future<?> set = alarm;
            if (set != null) {
              set.cancel(false);
            }
            int phase = (int) now & PHASE;
            if (phase == CANCELLED || phase == STOPPING) {
              Thread.interrupted();
            }
            return result(at, failed);
          }
        }
      }
    }
  }

  private Batch.Result result(int ran, int failures) {
    return new Batch.Result(results, ran, failures, System.nanoTime() - begun, each, worker);
  }

  /// Runs on the clock's thread, whenever the attempt that runs might have used up its time.
  private void watch() {
    long now = state;
    long timeout = batch.rules().timeout().toNanos();
    long left = timeout - (System.nanoTime() - started);
    switch ((int) now & PHASE) {
      case NEW, STOPPING, ENDED, ABANDONED -> {}
      case RUNNING -> {
        if (left <= 0 && STATE.compareAndSet(this, now, to(INTERRUPTING, now))) {
          timedOut = timedOut(false);
          interrupt();
          state = to(TIMED_OUT, now);
          left = batch.rules().grace().toNanos();
        }
        watchAgain(Math.min(left, timeout)); // the next attempt may begin at any moment
      }
      case TIMED_OUT, CANCELLED -> {
        long over = left + batch.rules().grace().toNanos();
        if (over > 0) {
          watchAgain(Math.min(over, timeout));
        } else if (whenAbandoned == null) {
          watchAgain(timeout);
        } else {
          abandon(now, whenAbandoned);
        }
      }
      default -> watchAgain(timeout);
    }
  }

  /// Not before a millisecond has passed, so that a near miss does not become a busy loop.
  private void watchAgain(long nanos) {
    Future<?> next = Clock.after(Math.max(nanos, 1_000_000), this::watch);
    alarm = next;
    if (((int) state & PHASE) == ENDED) {
      next.cancel(false);
    }
  }

  private void abandon(long now, Consumer<Batch.Result> told) {
    TaskTimedOut error = timedOut(true);
    int running = at;
    int failures = failed;
    if (STATE.compareAndSet(this, now, to(ABANDONED, now))) {
      long stopped = System.nanoTime();
      Object[] soFar = Arrays.copyOf(results, results.length);
      soFar[running] = new Failure(error);
      long[] eachSoFar = each.clone();
      if (eachSoFar.length > 0) {
        eachSoFar[running] = stopped - started;
      }
      told.accept(
          new Batch.Result(soFar, running + 1, failures + 1, stopped - begun, eachSoFar, worker));
    } else {
      watchAgain(0);
    }
  }

  private TaskTimedOut timedOut(boolean ignored) {
    StackTraceElement[] where = Objects.requireNonNull(thread).getStackTrace();
    return new TaskTimedOut(batch.rules().timeout(), worker, ignored, where);
  }

  private void interrupt() {
    Thread runner = thread;
    if (runner != null) {
      runner.interrupt();
    }
  }

  private static long to(int phase, long state) {
    return (state & ~(long) PHASE) | phase;
  }

  /// Whether an error is how the current thread answered an interrupt, which is over thereby.
  ///
  /// @param error what the task threw
  /// @return true if the flag of the thread was cleared when it was thrown
  public static boolean ateInterrupt(Throwable error) {
    return error instanceof InterruptedException
        || (error instanceof InterruptedIOException && !(error instanceof SocketTimeoutException));
  }

  /// Whether an error is due to an interrupt or a cancellation, somewhere down its causes.
  private static boolean isInterrupt(Throwable error) {
    Throwable e = error;
    for (int depth = 0; e != null && depth < DEEPEST_CAUSE; depth++) {
      if (ateInterrupt(e)
          || e instanceof ClosedByInterruptException
          || e instanceof CancellationException) {
        return true;
      }
      e = causeOf(e);
    }
    return false;
  }

  private static @Nullable Throwable causeOf(Throwable error) {
    try {
      return error.getCause();
    } catch (RuntimeException e) {
      return null; // an exception of the user's that cannot even say that
    }
  }
}

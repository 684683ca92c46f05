package io.fanwise;

import io.fanwise.spi.Worker;
import io.fanwise.spi.Workers;
import io.fanwise.work.Batch;
import io.fanwise.work.EndsRun;
import io.fanwise.work.Execution;
import io.fanwise.work.Failure;
import io.fanwise.work.Inputs;
import io.fanwise.work.Outcome;
import io.fanwise.work.PushedBack;
import io.fanwise.work.Task;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// One run of a task over inputs, pulled along by its consumer.
///
/// Each pull tops up the workers, waits on the one queue, and takes in what has finished. A batch
/// that failed, was abandoned or was cut short comes back through that queue like any other, and
/// what is left of it is dispatched again, or not.
///
/// Guarded by `pulling`, apart from [#finished], into which workers put what they finish,
/// [#flight], which has its own lock, and [#closing]. The lock is there so that [#close] may come
/// from another thread; a run is pulled by one thread at a time.
final class Run implements Pull {
  /// How long a nested run waits for a worker to begin.
  private static final long NESTED_PATIENCE_NANOS = 1_000_000;

  // OPEN ──▶ CLOSED   (by close, at the end of inputs, or when something went wrong)
  private enum State {
    OPEN,
    CLOSED
  }

  private final Recipe recipe;
  private final Workers workers;
  private final Task<?, ?> task;
  private final Ambient around;
  private final Failures failures;
  private final Batch.Rules rules;
  private final Dispatch.Bindings bindings;
  private final RandomGenerator random;

  /// Whether a call is finished when it has been submitted: so inputs are read one by one.
  private final boolean inline;

  private final ReentrantLock pulling = new ReentrantLock();
  private final Arrivals finished = new Arrivals();
  private final Flight flight = new Flight();
  private final Lineup lineup;
  private final Agenda agenda;
  private final Watch watch;
  private @Nullable Dispatch arrived;
  private @Nullable Throwable ended;
  private State state = State.OPEN;
  private volatile boolean closing;
  private int taken;

  /// Whether what is being accepted was to find out if the service is up again.
  private boolean probe;

  /// When its time is over, by [System#nanoTime], if it has a deadline.
  private final long until;

  /// @param unbounded whether all results are kept anyway, so that the order needs no window
  /// @param unpacking what rates are asked about of an input
  Run(
      Recipe recipe,
      Workers workers,
      Ambient around,
      Task<?, ?> task,
      Source source,
      Failures failures,
      boolean unbounded,
      Function<Object, Optional<Object>> unpacking,
      RandomGenerator random) {
    this.recipe = recipe;
    this.workers = workers;
    this.task = task;
    this.failures = failures;
    this.random = random;
    this.around = around;
    this.rules = recipe.rules(failures == Failures.ARE_OUTCOMES, failures == Failures.END_THE_RUN);
    this.bindings =
        new Dispatch.Bindings(
            recipe.bindings(around), Thread.currentThread().getContextClassLoader(), finished::put);
    this.until = System.nanoTime() + recipe.deadline().toNanos();
    this.inline = workers.jobs() == 1 && workers.prefetch() == 0;
    this.lineup = new Lineup(recipe.ordered());
    this.agenda = new Agenda(recipe, workers, source, lineup, unbounded, unpacking);
    this.watch = new Watch(recipe.listener(), source);
  }

  @Override
  public int appetite() {
    return agenda.appetite();
  }

  @Override
  public @Nullable Results next(BooleanSupplier enough) {
    pulling.lock();
    try {
      agenda.handedOn(taken);
      taken = 0;
      while (state == State.OPEN) {
        boolean late = nanosLeft() <= 0;
        if (late) {
          flight.cancel(workers);
          takeIn();
        } else {
          step(enough);
        }
        Results results = lineup.poll();
        if (results != null) {
          taken = results.values().length;
          return results;
        }
        if (over()) {
          end();
        } else if (late) {
          throw new RunTimedOut(recipe.deadline(), watch.done(), flight.size());
        } else if (enough.getAsBoolean()) {
          return null;
        }
      }
      return Pull.nothingMore(ended);
    } catch (Throwable e) {
      stop(e);
      throw e;
    } finally {
      endIfClosed();
      pulling.unlock();
    }
  }

  private long nanosLeft() {
    return recipe.deadline().isZero() ? Long.MAX_VALUE : until - System.nanoTime();
  }

  /// It was closed meanwhile by somebody who could not wait.
  private void endIfClosed() {
    if (closing) {
      stop(Pull.closed());
    }
  }

  /// Tops up the workers and takes in what has finished: waiting for it, if there is nothing else
  /// to do.
  private void step(BooleanSupplier enough) {
    heed();
    takeIn();
    topUp();
    if (lineup.nothingReady() && !over() && !enough.getAsBoolean()) {
      await();
      takeIn();
      topUp();
    }
    watch.tick(this, false);
  }

  private void heed() {
    if (closing) {
      throw Pull.closed();
    }
    if (Thread.currentThread().isInterrupted()) {
      throw Pull.interrupted();
    }
  }

  private boolean over() {
    return agenda.isEmpty() && flight.size() == 0 && lineup.nothingReady();
  }

  /// Hands work to the workers until they have enough.
  private void topUp() {
    while (hasRoom() && (lineup.nothingReady() || !(inline || agenda.slowSource()))) {
      Agenda.Entry next = agenda.next(flight.size() >= agenda.jobs());
      if (next == null) {
        return;
      }
      heed(); // reading may have taken long
      dispatch(next);
      if (inline || agenda.slowSource()) {
        heed();
        takeIn();
      }
    }
  }

  private boolean hasRoom() {
    return flight.size() < (long) agenda.jobs() + agenda.prefetch();
  }

  private void dispatch(Agenda.Entry entry) {
    Batch batch = new Batch(task, entry.inputs(), entry.slot().first() + entry.offset(), rules);
    Dispatch dispatch =
        new Dispatch(batch, entry.slot(), entry.offset(), entry.attempt(), bindings);
    flight.add(dispatch);
    agenda.begins(dispatch);
    boolean submitted = false;
    try {
      workers.submit(dispatch);
      submitted = true;
    } finally {
      if (!submitted && !dispatch.home()) {
        flight.remove(dispatch);
      }
    }
  }

  /// Waits for the workers, or until there is something else to do.
  ///
  /// Inside a task it does not wait for a worker to begin: that one may be waiting for this very
  /// thread. What nobody has begun is run here then.
  private void await() {
    long nanos = Math.min(nanosLeft(), watch.untilTick(System.nanoTime()));
    if (hasRoom()) {
      nanos = Math.min(nanos, agenda.untilMore());
    }
    boolean nested = workers.inThisJvm() && Ambient.current().isInTask();
    if (!nested || flight.oldestIfNoneBegan() == null) {
      finished.await(nanos);
      return;
    }
    finished.await(Math.min(nanos, NESTED_PATIENCE_NANOS));
    heed();
    Dispatch stuck = finished.isEmpty() ? flight.oldestIfNoneBegan() : null;
    if (stuck != null) {
      stuck.run(new Here(Thread.currentThread().getName()));
    }
  }

  /// A worker that is the caller's own thread.
  private record Here(String name) implements Worker {
    @Override
    public boolean replaceable() {
      return false;
    }

    @Override
    public void abandoned() {
      throw new IllegalStateException("the caller's own thread cannot be replaced");
    }
  }

  /// Accepts everything that has arrived.
  private void takeIn() {
    for (Dispatch d = nextArrived(); d != null; d = nextArrived()) {
      accept(d, d.result());
    }
  }

  private @Nullable Dispatch nextArrived() {
    if (arrived == null) {
      arrived = finished.takeAll();
    }
    Dispatch first = arrived;
    if (first != null) {
      arrived = first.earlier;
      first.earlier = null;
      flight.remove(first);
    }
    return first;
  }

  private void accept(Dispatch dispatch, Batch.Result result) {
    RuntimeException broken = dispatch.broken();
    if (broken != null) {
      throw broken;
    }
    probe = agenda.ran(dispatch, result);
    watch.ran(dispatch, result);
    int size = dispatch.batch().size();
    if (result.failed() == 0 && result.ran() == size && failures == Failures.END_THE_RUN) {
      dispatch.slot.fill(dispatch.offset, result.results(), size);
      lineup.filled(dispatch.slot, dispatch.offset, size);
      return;
    }
    acceptOneByOne(dispatch, result);
    if (result.ran() < size) {
      Inputs rest = dispatch.batch().inputs().from(result.ran());
      agenda.again(dispatch.slot, dispatch.offset + result.ran(), rest, dispatch.attempt);
    }
  }

  private void acceptOneByOne(Dispatch dispatch, Batch.Result result) {
    int from = 0; // where the present stretch of filled places begins
    for (int i = 0; i < result.ran(); i++) {
      Object value = result.results()[i];
      if (value instanceof Failure failure && EndsRun.is(failure.error())) {
        throw failed(dispatch, i);
      }
      if (value instanceof Failure failure && comesAgain(dispatch, i, failure.error())) {
        lineup.filled(dispatch.slot, dispatch.offset + from, i - from);
        from = i + 1;
      } else if (value instanceof Failure && failures == Failures.END_THE_RUN) {
        throw failed(dispatch, i);
      } else {
        dispatch.slot.put(dispatch.offset + i, seen(dispatch, i, value));
      }
    }
    lineup.filled(dispatch.slot, dispatch.offset + from, result.ran() - from);
  }

  private boolean comesAgain(Dispatch dispatch, int i, Throwable error) {
    return error instanceof PushedBack pushedBack
        ? comesBackLater(dispatch, i, pushedBack)
        : triedAgain(dispatch, i, error);
  }

  /// It is not the fault of the input, so it is no attempt on it.
  private boolean comesBackLater(Dispatch dispatch, int i, PushedBack pushedBack) {
    long now = System.nanoTime();
    agenda.pushedBack(dispatch, now);
    watch.pushedBack();
    long tried = now - dispatch.slot.begun();
    long wait = recipe.retry().waitNanos(pushedBack, tried, random);
    if (tried + wait > recipe.retry().patienceNanos()) {
      return false;
    }
    Object input = dispatch.batch().input(i);
    agenda.later(dispatch.slot, dispatch.offset + i, input, dispatch.attempt, now + wait);
    return true;
  }

  private boolean triedAgain(Dispatch dispatch, int i, Throwable error) {
    Retry retry = recipe.retry();
    long now = System.nanoTime();
    if (probe
        && retry.on().include(error)
        && now - dispatch.slot.begun() <= retry.patienceNanos()) {
      Object input = dispatch.batch().input(i);
      agenda.later(dispatch.slot, dispatch.offset + i, input, dispatch.attempt, now);
      return true;
    }
    if (!retry.covers(error, dispatch.attempt)) {
      return false;
    }
    long due = now + retry.backoffNanos(dispatch.attempt, random);
    if (due - dispatch.slot.begun() > retry.deadline().toNanos()) {
      return false;
    }
    watch.retried();
    Object input = dispatch.batch().input(i);
    agenda.later(dispatch.slot, dispatch.offset + i, input, dispatch.attempt + 1, due);
    return true;
  }

  /// What the consumer gets to see of an input.
  private Object seen(Dispatch dispatch, int i, Object value) {
    if (failures == Failures.END_THE_RUN) {
      return value;
    }
    Batch.Result result = dispatch.result();
    Duration took = Duration.ofNanos(result.nanos(i));
    Execution execution =
        new Execution(dispatch.batch().first() + i, dispatch.attempt, took, result.worker(i));
    Object input = dispatch.batch().input(i);
    if (value instanceof Failure failure) {
      watch.failed();
      return new Outcome.Failed<>(input, failure.error(), execution);
    }
    return new Outcome.Done<>(input, value, execution);
  }

  /// The failure of the first input from `i` on that failed, with everything else that came back
  /// with it.
  private TaskFailed failed(Dispatch dispatch, int i) {
    Batch.Result result = dispatch.result();
    TaskFailed failed = failure(dispatch, i);
    failed.keep(dispatch.batch().first(), Arrays.copyOf(result.results(), result.ran()));
    for (int k = i + 1; k < result.ran(); k++) {
      if (result.results()[k] instanceof Failure) {
        failed.addSuppressed(failure(dispatch, k));
      }
    }
    return failed;
  }

  private TaskFailed failure(Dispatch dispatch, int i) {
    watch.failed();
    return new TaskFailed(
        dispatch.batch().input(i),
        dispatch.batch().first() + i,
        dispatch.attempt,
        dispatch.result().worker(i),
        ((Failure) dispatch.result().results()[i]).error());
  }

  private void end() {
    state = State.CLOSED;
    try {
      agenda.close();
    } finally {
      workers.over(task);
      watch.tick(this, true);
      watch.end(null);
    }
  }

  @Override
  public void cancel() {
    closing = true;
    finished.wake();
    flight.cancel(workers);
  }

  @Override
  public void close() {
    closing = true;
    finished.wake();
    if (pulling.isHeldByCurrentThread()) {
      return; // closed by code that a pull called: the pull ends the run on its way out
    }
    if (around.surrounds(Ambient.current())) {
      flight.cancel(workers);
      return; // closed by one of its own tasks, which cannot wait for itself
    }
    while (!pulling.tryLock()) {
      flight.cancel(workers);
      if (agenda.reading()) {
        return; // the source blocks the thread that pulls: that one ends the run as soon as it can
      }
      LockSupport.parkNanos(100_000);
    }
    try {
      stop(Pull.closed());
    } finally {
      pulling.unlock();
    }
  }

  /// Cancels what runs, waits until it has stopped, and adds to the error what is known by then.
  private void stop(Throwable error) {
    if (state == State.CLOSED) {
      return;
    }
    state = State.CLOSED;
    ended = error;
    boolean interrupted = Thread.interrupted();
    flight.cancel(workers);
    while (flight.size() > 0) {
      Dispatch last = nextArrived();
      if (last != null) {
        keep(last, error);
      } else {
        finished.await(Long.MAX_VALUE);
        interrupted |= Thread.interrupted();
      }
    }
    if (failures == Failures.ARE_OUTCOMES && !closing) {
      lineup.tellOfFailures(error); // who closes a run does not want to know
    }
    lineup.disperse(error);
    Pull.close(agenda::close, error);
    Pull.close(() -> workers.over(task), error);
    watch.tick(this, true);
    watch.end(error);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Adds to the failure that ended the run what came in after it.
  private void keep(Dispatch dispatch, Throwable error) {
    if (!(error instanceof TaskFailed first)) {
      return;
    }
    Batch.Result result = dispatch.result();
    for (int i = 0; i < result.ran(); i++) {
      if (result.results()[i] instanceof Failure) {
        first.addSuppressed(failure(dispatch, i));
      }
    }
    first.keep(dispatch.batch().first(), Arrays.copyOf(result.results(), result.ran()));
  }

  /// How far it has come, but for what the watch knows itself.
  Agenda agenda() {
    return agenda;
  }

  /// What the workers are at.
  Flight flight() {
    return flight;
  }
}

package io.fanwise;

import static java.util.Objects.requireNonNull;

import io.fanwise.spi.Workers;
import io.fanwise.work.Batch;
import io.fanwise.work.Execution;
import io.fanwise.work.Failure;
import io.fanwise.work.Outcome;
import io.fanwise.work.Task;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
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
  /// How many inputs per job may be finished and wait for one that is slow: with 1 % of tasks a
  /// hundred times slower than the rest, workers do not idle from here on (adr/0002).
  private static final int WINDOW_PER_JOB = 100;

  /// The window must hold several batches per worker, however large they have become.
  private static final int WINDOW_BATCHES = 8;

  private static final System.Logger LOG = System.getLogger("io.fanwise");

  // OPEN ──▶ CLOSED   (by close, at the end of inputs, or when something went wrong)
  private enum State {
    OPEN,
    CLOSED
  }

  private final Recipe recipe;
  private final Workers workers;
  private final Task<?, ?> task;
  private final Source source;
  private final Failures failures;
  private final long window;

  /// Whether a call is finished when it has been submitted: so inputs are read one by one.
  private final boolean inline;

  private final Batch.Rules rules;
  private final Dispatch.Bindings bindings;
  private final RandomGenerator random;

  private final ReentrantLock pulling = new ReentrantLock();
  private final Arrivals finished = new Arrivals();
  private final Flight flight = new Flight();
  private final Queue<Slot> inOrder = new ArrayDeque<>();
  private final Queue<Results> ready = new ArrayDeque<>();
  private final Queue<Again> again = new ArrayDeque<>();
  private final PriorityQueue<Again> later = new PriorityQueue<>();
  private final BatchSizer sizer;
  private final Rate.@Nullable Bucket bucket;
  private final Watch watch;
  private @Nullable Dispatch arrived;
  private @Nullable RuntimeException ended;
  private Object[] buffer = new Object[1];
  private State state = State.OPEN;
  private volatile boolean closing;
  private volatile boolean reading;
  private long read;
  private long handedOn;
  private int taken;

  /// Inputs that are to be tried again: an attempt failed, or a batch was not run to its end.
  @SuppressWarnings("ArrayRecordComponent") // queued, not compared
  private record Again(Slot slot, int offset, Object[] inputs, int attempt, long due)
      implements Comparable<Again> {
    @Override
    public int compareTo(Again other) {
      return Long.signum(due - other.due);
    }
  }

  /// @param unbounded whether all results are kept anyway, so that the order needs no window
  Run(
      Recipe recipe,
      Workers workers,
      ScopedValue.Carrier values,
      Task<?, ?> task,
      Source source,
      Failures failures,
      boolean unbounded,
      RandomGenerator random) {
    this.recipe = recipe;
    this.workers = workers;
    this.task = requireNonNull(task, "task");
    this.source = source;
    this.failures = failures;
    this.random = random;
    this.rules = recipe.rules(failures == Failures.ARE_OUTCOMES, failures == Failures.END_THE_RUN);
    this.window = unbounded && recipe.window() == 0 ? Long.MAX_VALUE : recipe.window();
    this.inline = workers.jobs() == 1 && workers.prefetch() == 0;
    this.bindings =
        new Dispatch.Bindings(
            values, Thread.currentThread().getContextClassLoader(), finished::put);
    int fixed = recipe.batch() == 0 && recipe.rate() != null ? 1 : recipe.batch();
    this.sizer = new BatchSizer(fixed, workers.handOver().toNanos());
    this.watch = new Watch(recipe.listener(), source.size());
    Rate rate = recipe.rate();
    this.bucket = rate == null ? null : new Rate.Bucket(rate, System.nanoTime());
  }

  @Override
  public int batchSize() {
    return sizer.size();
  }

  @Override
  public @Nullable Results next(BooleanSupplier enough) {
    pulling.lock();
    try {
      handedOn += taken;
      taken = 0;
      while (state == State.OPEN) {
        step(enough);
        Results results = ready.poll();
        if (results != null) {
          taken = results.values().length;
          return results;
        }
        if (over()) {
          end();
        } else if (enough.getAsBoolean()) {
          return null;
        }
      }
      if (ended != null) {
        throw ended;
      }
      return null;
    } catch (Throwable e) {
      stop(e);
      throw e;
    } finally {
      pulling.unlock();
    }
  }

  /// Tops up the workers and takes in what has finished: waiting for it, if there is nothing else
  /// to do.
  private void step(BooleanSupplier enough) {
    heedInterrupts();
    takeIn();
    topUp();
    if (ready.isEmpty() && !over() && !enough.getAsBoolean()) {
      finished.await(patience());
      takeIn();
      topUp();
    }
    watch.tick(this, false);
  }

  private void heedInterrupts() {
    if (closing) {
      throw Pull.closed();
    }
    if (Thread.currentThread().isInterrupted()) {
      throw Pull.interrupted();
    }
  }

  private boolean over() {
    return source.exhausted()
        && flight.size() == 0
        && again.isEmpty()
        && later.isEmpty()
        && ready.isEmpty();
  }

  /// How long to wait for the workers before there is something else to do.
  private long patience() {
    long now = System.nanoTime();
    long nanos = watch.untilTick(now);
    if (hasRoom()) {
      Again first = later.peek();
      if (first != null) {
        nanos = Math.min(nanos, Math.max(0, first.due() - now));
      }
      if (bucket != null && hasMore(now)) {
        nanos = Math.min(nanos, bucket.untilAvailable(Math.max(1, recipe.batch())));
      }
    }
    return nanos;
  }

  private boolean hasRoom() {
    int prefetch = bucket == null ? workers.prefetch() : 0; // what is granted now starts now
    return flight.size() < (long) workers.jobs() + prefetch;
  }

  private boolean hasMore(long now) {
    return !again.isEmpty()
        || (!later.isEmpty() && later.peek().due() <= now)
        || (!source.exhausted() && room() > 0);
  }

  /// How many inputs may be read before the window is full.
  private long room() {
    long most =
        window > 0
            ? window
            : Math.max(
                (long) WINDOW_PER_JOB * workers.jobs(),
                (long) WINDOW_BATCHES * workers.jobs() * sizer.size());
    return most - (read - handedOn);
  }

  /// Hands work to the workers until they have enough: first what has been waiting longest.
  private void topUp() {
    while (hasRoom() && !closing && !(inline && !ready.isEmpty())) {
      long now = recipe.rate() == null && later.isEmpty() ? 0 : System.nanoTime();
      while (!later.isEmpty() && later.peek().due() <= now) {
        again.add(later.poll());
      }
      if (!again.isEmpty()) {
        Again first = again.element();
        if (!granted(first.inputs().length, now)) {
          return;
        }
        again.remove();
        dispatch(first.slot(), first.offset(), first.inputs(), first.attempt());
      } else if (!readOn(now)) {
        return;
      }
      if (inline) {
        heedInterrupts();
        takeIn();
      }
    }
  }

  private boolean granted(int attempts, long now) {
    return bucket == null || bucket.available(now) >= Math.min(attempts, recipeBurst());
  }

  private long recipeBurst() {
    return requireNonNull(recipe.rate()).burst();
  }

  /// Reads and dispatches one batch; false if there is none, or no room or no permit for it.
  private boolean readOn(long now) {
    long room = room();
    if (room <= 0 || source.exhausted()) {
      return false;
    }
    long left = source.size() < 0 ? -1 : source.size() - read;
    int most = (int) Math.min(sizer.next(left, workers.jobs()), room);
    if (bucket != null) {
      most = (int) Math.min(most, Math.max(1, bucket.available(now)));
      if (!granted(most, now)) {
        return false;
      }
    }
    if (flight.size() >= workers.jobs() && !source.holds(most)) {
      return false;
    }
    int got = read(most);
    if (got == 0) {
      return false;
    }
    Slot slot = new Slot(read, got, System.nanoTime());
    if (recipe.ordered()) {
      inOrder.add(slot);
    }
    read += got;
    dispatch(slot, 0, inputs(got), 1);
    return true;
  }

  private int read(int most) {
    if (buffer.length < most) {
      buffer = new Object[most];
    }
    reading = true;
    try {
      return source.read(buffer, most);
    } finally {
      reading = false;
    }
  }

  private Object[] inputs(int count) {
    if (count == buffer.length) {
      Object[] full = buffer;
      buffer = new Object[count];
      return full;
    }
    Object[] some = Arrays.copyOf(buffer, count);
    Arrays.fill(buffer, 0, count, null);
    return some;
  }

  private void dispatch(Slot slot, int offset, Object[] inputs, int attempt) {
    if (bucket != null) {
      bucket.take(inputs.length);
    }
    Batch batch = new Batch(task, inputs, slot.first() + offset, rules);
    Dispatch dispatch = new Dispatch(batch, slot, offset, attempt, bindings);
    flight.add(dispatch);
    boolean submitted = false;
    try {
      workers.submit(dispatch);
      submitted = true;
    } finally {
      if (!submitted) {
        flight.remove(dispatch);
      }
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
    sizer.ran(result.ran(), result.nanos());
    watch.ran(dispatch, result);
    Slot slot = dispatch.slot;
    int size = dispatch.batch().size();
    if (result.failed() == 0 && result.ran() == size && failures == Failures.END_THE_RUN) {
      if (slot.covers(size)) {
        slot.fill(result.results());
      } else {
        slot.put(dispatch.offset, result.results(), size);
      }
      emit(slot, dispatch.offset, size);
      return;
    }
    TaskFailed failed = null;
    for (int i = 0; i < result.ran(); i++) {
      Object value = result.results()[i];
      if (value instanceof Failure failure && triedAgain(dispatch, i, failure.error())) {
        continue;
      }
      if (value instanceof Failure failure && failures == Failures.END_THE_RUN) {
        TaskFailed one = failed(dispatch, i, failure.error());
        if (failed == null) {
          failed = one;
        } else {
          failed.addSuppressed(one);
        }
        continue;
      }
      slot.put(dispatch.offset + i, seen(dispatch, i, value));
      emit(slot, dispatch.offset + i, 1);
    }
    if (failed != null) {
      failed.keep(dispatch.batch().first(), Arrays.copyOf(result.results(), result.ran()));
      throw failed;
    }
    if (result.ran() < size) {
      Object[] rest = Arrays.copyOfRange(dispatch.batch().inputs(), result.ran(), size);
      again.add(new Again(slot, dispatch.offset + result.ran(), rest, dispatch.attempt, 0));
    }
  }

  private boolean triedAgain(Dispatch dispatch, int i, Throwable error) {
    if (!recipe.retry().covers(error, dispatch.attempt)) {
      return false;
    }
    long now = System.nanoTime();
    long due = now + recipe.retry().backoffNanos(dispatch.attempt, random);
    Duration limit = recipe.retry().deadline();
    if (due - dispatch.slot.begun() > limit.toNanos()) {
      return false;
    }
    watch.retried();
    Object[] input = {dispatch.batch().input(i)};
    later.add(new Again(dispatch.slot, dispatch.offset + i, input, dispatch.attempt + 1, due));
    return true;
  }

  private TaskFailed failed(Dispatch dispatch, int i, Throwable error) {
    watch.failed();
    return new TaskFailed(
        dispatch.batch().input(i),
        dispatch.batch().first() + i,
        dispatch.attempt,
        dispatch.result().worker(),
        error);
  }

  /// What the consumer gets to see of an input.
  private Object seen(Dispatch dispatch, int i, Object value) {
    if (failures == Failures.END_THE_RUN) {
      return value;
    }
    Batch.Result result = dispatch.result();
    Execution execution =
        new Execution(
            dispatch.batch().first() + i,
            dispatch.attempt,
            Duration.ofNanos(result.nanos(i)),
            result.worker());
    Object input = dispatch.batch().input(i);
    if (value instanceof Failure failure) {
      watch.failed();
      return new Outcome.Failed<>(input, failure.error(), execution);
    }
    return new Outcome.Done<>(input, value, execution);
  }

  /// Makes ready what may be handed on now that these places of a slot are filled.
  private void emit(Slot slot, int offset, int count) {
    if (!recipe.ordered()) {
      Object[] all = slot.values();
      Object[] some = count == all.length ? all : Arrays.copyOfRange(all, offset, offset + count);
      ready.add(new Results(slot.first() + offset, some));
      return;
    }
    while (!inOrder.isEmpty() && inOrder.element().complete()) {
      Slot head = inOrder.remove();
      ready.add(new Results(head.first(), head.values()));
    }
  }

  private void end() {
    state = State.CLOSED;
    source.close();
    watch.tick(this, true);
    watch.end(null);
  }

  @Override
  public void close() {
    closing = true;
    finished.wake();
    if (pulling.isHeldByCurrentThread()) {
      return; // closed by code that a pull called: the pull ends the run on its way out
    }
    while (!pulling.tryLock()) {
      if (reading) {
        flight.cancel(workers);
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

  /// Cancels what runs, waits until it has stopped, and adds to the error what is known by then.
  private void stop(Throwable error) {
    if (state == State.CLOSED) {
      return;
    }
    state = State.CLOSED;
    ended = error instanceof RuntimeException thrown ? thrown : null;
    boolean interrupted = Thread.interrupted();
    flight.cancel(workers);
    while (flight.size() > 0) {
      Dispatch last = nextArrived();
      if (last != null) {
        keepTheRest(last, error);
      } else {
        finished.await(Long.MAX_VALUE);
        interrupted |= Thread.interrupted();
      }
    }
    if (error instanceof TaskFailed failed) {
      keepFinished(failed);
    }
    ready.clear();
    inOrder.clear();
    again.clear();
    later.clear();
    closeSource(error);
    watch.end(error);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// What came in after the failure that ended the run.
  private void keepTheRest(Dispatch dispatch, Throwable error) {
    if (!(error instanceof TaskFailed ended)) {
      return;
    }
    Batch.Result result = dispatch.result();
    ended.keep(dispatch.batch().first(), Arrays.copyOf(result.results(), result.ran()));
    for (int i = 0; i < result.ran(); i++) {
      if (result.results()[i] instanceof Failure failure) {
        ended.addSuppressed(failed(dispatch, i, failure.error()));
      }
    }
  }

  private void keepFinished(TaskFailed failed) {
    ready.forEach(results -> failed.keep(results.first(), results.values()));
    inOrder.forEach(slot -> failed.keep(slot.first(), slot.values()));
  }

  private void closeSource(Throwable error) {
    try {
      source.close();
    } catch (RuntimeException e) {
      error.addSuppressed(e);
    }
  }

  /// What the workers are at, for the watch.
  Flight flight() {
    return flight;
  }

  int waitingRetries() {
    return later.size();
  }

  double taskNanos() {
    return sizer.perItem();
  }

  static void report(RuntimeException thrown) {
    LOG.log(System.Logger.Level.WARNING, "the progress listener threw; the run goes on", thrown);
  }
}

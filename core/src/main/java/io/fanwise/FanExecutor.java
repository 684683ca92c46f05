package io.fanwise;

import io.fanwise.spi.Workers;
import io.fanwise.work.Batch;
import io.fanwise.work.Failure;
import io.fanwise.work.Inputs;
import io.fanwise.work.Task;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Workers as a standard executor: each task is a call of its own.
///
/// Everything mutable is guarded by `lock`, which is never held while user code runs. The workers
/// are shared, so closing the executor ends what was submitted to it, not them.
final class FanExecutor extends AbstractExecutorService {
  private static final System.Logger LOG = System.getLogger("io.fanwise");

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
  private final Set<Submitted> pending = new LinkedHashSet<>();
  private State state = State.OPEN;

  FanExecutor(Workers workers, Recipe recipe) {
    this.workers = workers;
    this.recipe = recipe;
  }

  @Override
  public void execute(Runnable command) {
    Objects.requireNonNull(command, "command");
    if (!workers.inThisJvm() && command instanceof FutureTask && !(command instanceof Promise)) {
      Thread.ofVirtual().name("fan-executor").start(command); // what it wraps goes to a worker
      return;
    }
    Submitted submitted = submitted(command);
    lock.lock();
    try {
      if (state != State.OPEN) {
        workers.over(submitted.task);
        throw new RejectedExecutionException("this executor is shut down");
      }
      pending.add(submitted);
    } finally {
      lock.unlock();
    }
    try {
      workers.submit(submitted.dispatch);
      if (submitted.isToStop()) { // which was said before there was anything to stop
        submitted.cancel();
      }
    } catch (RuntimeException | OutOfMemoryError e) {
      workers.over(submitted.task);
      ended(submitted);
      throw new RejectedExecutionException("the workers do not take any more: " + e, e);
    }
  }

  private Submitted submitted(Runnable command) {
    try {
      return new Submitted(command);
    } catch (IllegalArgumentException e) {
      throw new RejectedExecutionException(
          e.getMessage() + ". Such as executor.submit((Callable<Double> & Serializable) () -> …)",
          e);
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
    for (Submitted submitted : left.reversed()) { // those that wait first: or they begin meanwhile
      submitted.stop();
      workers.cancel(submitted.dispatch);
      if (submitted.isGivenBack()) {
        neverBegun.addFirst(submitted.command);
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

  @Override
  protected <V> RunnableFuture<V> newTaskFor(Callable<V> callable) {
    return new Promise<>(callable, new Called(callable), Optional.empty());
  }

  @Override
  protected <V> RunnableFuture<V> newTaskFor(Runnable runnable, V value) {
    return new Promise<>(
        Executors.callable(runnable, value), new Ran(runnable), Optional.ofNullable(value));
  }

  /// What a callable is on its way to another JVM.
  ///
  /// @param callable the callable
  private record Called(Callable<?> callable) implements Task<Object, Object> {
    @Override
    public Object run(Object nothing) throws Exception {
      return Optional.ofNullable(callable.call());
    }
  }

  /// What a runnable is on its way to another JVM.
  ///
  /// @param runnable the runnable
  private record Ran(Runnable runnable) implements Task<Object, Object> {
    @Override
    public Object run(Object nothing) {
      runnable.run();
      return Optional.empty();
    }
  }

  /// A future whose work is done by a call: it is the call that is timed and interrupted, and what
  /// comes home with it that is the result.
  private final class Promise<V> extends FutureTask<V> {
    private final Task<Object, Object> abroad;
    private final Optional<V> fixed;
    private volatile @Nullable Callable<V> callable;
    private volatile @Nullable Submitted submitted;

    /// @param abroad what goes to workers in other JVMs
    /// @param fixed the result, if it is known already
    Promise(Callable<V> callable, Task<Object, Object> abroad, Optional<V> fixed) {
      super(callable);
      this.callable = callable;
      this.abroad = abroad;
      this.fixed = fixed;
    }

    /// Called by somebody who has wrapped it.
    @Override
    public void run() {
      if (workers.inThisJvm()) {
        super.run();
        return;
      }
      execute(this);
      try {
        get();
      } catch (InterruptedException e) {
        cancel(true);
        Thread.currentThread().interrupt();
      } catch (ExecutionException | CancellationException e) {
        // whoever has wrapped it asks for that
      }
    }

    /// Called on the worker.
    Optional<V> call() throws Exception {
      Callable<V> work = callable;
      return work == null ? Optional.empty() : Optional.ofNullable(work.call());
    }

    @SuppressWarnings("unchecked") // it is what call returned
    void succeed(Object result) {
      V value = ((Optional<V>) result).orElse(fixed.orElse(null));
      set(value);
    }

    void fail(Throwable error) {
      setException(error);
    }

    @Override
    protected void done() {
      callable = null;
      submitted = null;
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      Submitted mine = submitted;
      // one that somebody else has wrapped has no call of its own: it runs as any FutureTask
      boolean cancelled = super.cancel(mayInterruptIfRunning && mine == null);
      if (cancelled && mine != null && (mayInterruptIfRunning || mine.waitsAbroad())) {
        mine.cancel();
      }
      return cancelled;
    }
  }

  /// A command on its way: what it is, and the call that carries it.
  private final class Submitted {
    private final Runnable command;
    private final Task<?, ?> task;
    private final Dispatch dispatch;

    /// How it is with shutdownNow. Guarded by `lock`.
    private Stop stop = Stop.NOT_ASKED;

    Submitted(Runnable command) {
      this.command = command;
      if (command instanceof Promise<?> promise) {
        promise.submitted = this;
      }
      Task<Runnable, Object> here = FanExecutor::run;
      this.task = workers.inThisJvm() ? here : abroad(command);
      Batch batch =
          new Batch(
              task,
              Inputs.of(workers.inThisJvm() ? command : "a command"),
              0,
              recipe.rules(false, true));
      this.dispatch =
          new Dispatch(
              batch,
              new Slot(0, 1, System.nanoTime()),
              0,
              1,
              new Dispatch.Bindings(
                  recipe.bindings(Ambient.current().on(workers)),
                  Thread.currentThread().getContextClassLoader(),
                  this::home));
    }

    private Task<?, ?> abroad(Runnable what) {
      Task<?, ?> it = what instanceof Promise<?> promise ? promise.abroad : new Ran(what);
      return workers.ready(Carried.by(it, recipe.carried()));
    }

    /// Whether it is for another JVM, and none has begun with it.
    boolean waitsAbroad() {
      return !workers.inThisJvm() && !dispatch.began();
    }

    /// shutdownNow wants it stopped, and back if it has not begun.
    void stop() {
      lock.lock();
      try {
        stop = Stop.ASKED;
      } finally {
        lock.unlock();
      }
    }

    boolean isToStop() {
      lock.lock();
      try {
        return stop != Stop.NOT_ASKED;
      } finally {
        lock.unlock();
      }
    }

    /// Whether it came home without having begun, as it was being stopped: then it is for whoever
    /// stopped it to say what becomes of it. From now on it is not.
    boolean isGivenBack() {
      lock.lock();
      try {
        boolean back = stop == Stop.GIVEN_BACK;
        stop = back ? stop : Stop.TOO_LATE;
        return back;
      } finally {
        lock.unlock();
      }
    }

    private boolean givenBack() {
      lock.lock();
      try {
        if (stop == Stop.ASKED && neverBegan()) {
          stop = Stop.GIVEN_BACK;
        }
        return stop == Stop.GIVEN_BACK;
      } finally {
        lock.unlock();
      }
    }

    private void home(Dispatch back) {
      workers.over(task);
      Batch.Result result = back.result();
      RuntimeException broken = back.broken();
      if (broken != null) {
        if (command instanceof Promise<?> promise) {
          promise.fail(broken);
        } else {
          tell(broken);
        }
        ended(this);
        return;
      }
      Object value = result.ran() == 1 ? result.results()[0] : STOPPED;
      if (command instanceof Promise<?> promise) {
        settle(promise, value);
      } else if (neverBegan()) {
        givenBack();
      } else if (result.ran() == 1 && value instanceof Failure failure) {
        tell(failure.error());
      }
      ended(this);
    }

    /// A handler that throws is ignored, as the JVM does.
    private void tell(Throwable error) {
      Thread thread = Thread.currentThread();
      try {
        thread.getUncaughtExceptionHandler().uncaughtException(thread, error);
      } catch (Throwable e) {
        LOG.log(System.Logger.Level.DEBUG, "the uncaught exception handler threw", e);
      }
    }

    private void settle(Promise<?> promise, Object value) {
      if (!(value instanceof Failure failure)) {
        promise.succeed(value);
      } else if (!neverBegan()) {
        promise.fail(failure.error());
      } else if (!givenBack()) {
        promise.cancel(false);
      }
    }

    void cancel() {
      workers.cancel(dispatch);
    }

    boolean neverBegan() {
      return dispatch.home() && dispatch.result().worker().isEmpty();
    }
  }

  // NOT_ASKED ──▶ ASKED ──▶ GIVEN_BACK (came home in time, not begun)
  //                   └──▶ TOO_LATE
  private enum Stop {
    NOT_ASKED,
    ASKED,
    GIVEN_BACK,
    TOO_LATE
  }

  private static final Failure STOPPED =
      new Failure(new CancellationException("the executor stopped the task"));

  private static Object run(Runnable command) throws Exception {
    if (command instanceof Promise<?> promise) {
      return promise.call();
    }
    command.run();
    return Optional.empty();
  }
}

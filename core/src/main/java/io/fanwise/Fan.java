package io.fanwise;

import static java.util.Objects.requireNonNull;

import io.fanwise.backends.Sequential;
import io.fanwise.backends.Threads;
import io.fanwise.backends.VirtualThreads;
import io.fanwise.spi.Backend;
import io.fanwise.spi.Unpacking;
import io.fanwise.spi.Workers;
import io.fanwise.work.Action;
import io.fanwise.work.Outcome;
import io.fanwise.work.Task;
import java.io.Serializable;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Gatherer;
import java.util.stream.Stream;

/// Runs one task over many inputs on some workers, pulled along by whoever consumes the results.
///
/// {@snippet class="io.fanwise.Showcase" region="simple"}
///
/// Some methods say *where* the work is done ([#out], [#threads], [#virtualThreads], [#sequential],
/// [#on]), some *how* ([#batch], [#unordered], [#timeout], [#retry], …), and the rest *do* it. A
/// fan says how hard to push; the verb says what comes back. Fans are values: keep them, pass them
/// on.
///
/// Inputs are read by the thread that consumes the results, and never further ahead than the
/// window, so they may come from a database cursor, may be endless, may block. Inputs and results
/// are not null. Calling from inside a task is safe: on the workers it runs on already, a nested
/// run is done in place.
///
/// A fan that a task captures and takes to another JVM is sequential there, and otherwise the same:
/// workers do not multiply.
///
/// Immutable, and safe for use by many threads.
public final class Fan implements Serializable {
  private static final long serialVersionUID = 1;

  /// Equal backends share one set of workers; idle ones stop their threads by themselves.
  private static final Map<Backend, Workers> WARM = new ConcurrentHashMap<>();

  /// What a common machine bears: as many connections, and some 30 kB of memory for each.
  private static final int MOST_VIRTUAL = 10_000;

  private static final StackWalker CALLERS =
      StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

  private final transient Recipe recipe;

  private Fan(Recipe recipe) {
    this.recipe = recipe;
  }

  // ---- where

  /// The fan of whoever called: the nearest [#asDefault], or else one thread per core. Inside a
  /// task it is sequential, so that nested runs do not multiply workers.
  ///
  /// @return a fan with everything else as it is by default, or as it was made the default
  public static Fan out() {
    Fan fallback = Ambient.current().fallback();
    return fallback == null ? threads() : fallback;
  }

  /// One thread per core: for work that computes.
  ///
  /// @return a fan on as many threads as this JVM may use processors
  public static Fan threads() {
    return threads(-1);
  }

  /// Threads of this JVM: for work that computes.
  ///
  /// @param jobs how many; −1 for as many as there are cores, −2 for all but one, and so on
  /// @return the fan
  /// @throws IllegalArgumentException if `jobs` is 0
  public static Fan threads(int jobs) {
    return on(new Threads(Jobs.count(jobs)));
  }

  /// Virtual threads: for work that waits.
  ///
  /// @param jobs how many at the same time; negative numbers count from the number of cores, as for
  ///   [#threads(int)]
  /// @return the fan
  /// @throws IllegalArgumentException if `jobs` is 0
  public static Fan virtualThreads(int jobs) {
    return on(new VirtualThreads(Jobs.count(jobs)));
  }

  /// As many virtual threads as pay: for work that waits, when nobody knows how many calls a
  /// service bears.
  ///
  /// {@snippet class="io.fanwise.Showcase" region="adaptive"}
  ///
  /// The same as `virtualThreads(10_000).adaptive()`.
  ///
  /// @return the fan
  public static Fan virtualThreads() {
    return virtualThreads(MOST_VIRTUAL).adaptive();
  }

  /// No other thread: the caller's does the work, input by input, as in a plain loop. The same code
  /// otherwise, which helps when debugging.
  ///
  /// @return the fan
  public static Fan sequential() {
    return on(new Sequential());
  }

  /// Workers of any kind. Equal backends share one warm set of them.
  ///
  /// @param backend a description of workers
  /// @return the fan
  public static Fan on(Backend backend) {
    requireNonNull(backend, "backend");
    return new Fan(Recipe.on(() -> WARM.computeIfAbsent(backend, Backend::start)));
  }

  /// Workers that were started by the caller, who also closes them.
  ///
  /// ```java
  /// try (Workers workers = Backend.named("threads", 4).start()) {
  ///   Fan.on(workers).map(grid, Model::fit);
  /// } // no thread is left here
  /// ```
  ///
  /// @param workers running workers
  /// @return the fan
  public static Fan on(Workers workers) {
    requireNonNull(workers, "workers");
    return new Fan(Recipe.on(() -> workers));
  }

  /// Workers of a kind named in a word, for commands and configuration.
  ///
  /// @param name such as `threads`, `virtual` or `sequential`: whatever a
  ///   [io.fanwise.spi.BackendProvider] offers
  /// @param jobs how many; counted as for [#threads(int)]
  /// @return the fan
  /// @throws IllegalArgumentException if there is no such kind, naming those that there are, or if
  ///   `jobs` is 0
  public static Fan on(String name, int jobs) {
    return on(Backend.named(name, Jobs.count(jobs)));
  }

  // ---- how

  /// Hands inputs to workers so many at a time. By default that is measured while it runs, and is
  /// one where a task takes long.
  ///
  /// @param size inputs per batch, at least 1
  /// @return a copy
  public Fan batch(int size) {
    return new Fan(recipe.batch(positive("batch size", size)));
  }

  /// Has as many calls in flight as pay, at most as many as there are jobs: it begins with a few,
  /// goes on while more of them get more done, falls back to where they begin to get into each
  /// other's way, and follows when that changes. [Progress#limit] tells how many.
  ///
  /// Each run finds out for itself, in a few seconds; an [#executor] does not.
  ///
  /// @return a copy
  public Fan adaptive() {
    return adaptive(1);
  }

  /// [#adaptive()], but never with fewer calls in flight than so many, where there are enough
  /// inputs.
  ///
  /// @param atLeast how many, at least 1
  /// @return a copy
  public Fan adaptive(int atLeast) {
    return new Fan(recipe.adaptive(positive("lower bound of calls in flight", atLeast)));
  }

  /// Hands results on as they finish, not in the order of inputs.
  ///
  /// @return a copy
  public Fan unordered() {
    return new Fan(recipe.unordered());
  }

  /// Reads at most so many inputs ahead of what has been handed on. By default a hundred per job
  /// (more where tasks are tiny), so that one slow input does not keep the workers from going on.
  ///
  /// @param inputs how many, at least 1
  /// @return a copy
  public Fan window(int inputs) {
    return new Fan(recipe.window(positive("window", inputs)));
  }

  /// Limits the time of each attempt, from its start on a worker. The worker is interrupted when
  /// the time is up; if that is ignored for three seconds, a thread is abandoned and replaced.
  ///
  /// @param perAttempt how long an attempt may take
  /// @return a copy
  public Fan timeout(Duration perAttempt) {
    return new Fan(recipe.timeout(Spans.positive("timeout", perAttempt), recipe.grace()));
  }

  /// Limits the time of each attempt, as [#timeout(Duration)] does.
  ///
  /// @param perAttempt how long an attempt may take
  /// @param grace how long it may take from the interrupt until its worker is given up
  /// @return a copy
  public Fan timeout(Duration perAttempt, Duration grace) {
    return new Fan(
        recipe.timeout(Spans.positive("timeout", perAttempt), Spans.positive("grace", grace)));
  }

  /// Limits the time of a whole run, from when it is called for. When it is over, what runs is
  /// stopped and [RunTimedOut] is thrown, also where failures are outcomes; a stream hands on what
  /// had finished before. A source that blocks is not interrupted, and neither is a task that runs
  /// on the caller's own thread.
  ///
  /// @param total how long a run may take
  /// @return a copy
  public Fan deadline(Duration total) {
    return new Fan(recipe.deadline(Spans.positive("deadline", total)));
  }

  /// Tries again what fails.
  ///
  /// @param policy how often, when, and after which exceptions
  /// @return a copy
  public Fan retry(Retry policy) {
    return new Fan(recipe.retry(requireNonNull(policy, "policy")));
  }

  /// Pauses while a service is down, instead of burning the attempts of all inputs on it: when of
  /// the attempts of the last ten seconds, at least twenty, more than half have failed with what is
  /// worth a [retry][#retry], nothing is begun but a single attempt after 1, 2, 4, … 60 seconds,
  /// which is none of the input's own. Once that succeeds, it goes on.
  ///
  /// How long it waits is limited by the patience of the retries, and by [#deadline].
  ///
  /// @return a copy
  public Fan breaker() {
    return new Fan(recipe.breaking());
  }

  /// Limits how fast attempts are started, over all workers of a run.
  ///
  /// @param limits so many per period; all of them hold
  /// @return a copy
  public Fan rate(Rate... limits) {
    return new Fan(recipe.rates(List.of(limits)));
  }

  /// Tells how far the run has come, a few times a second and at the end, on the caller's thread.
  ///
  /// @param listener what to tell it; if it throws, that is logged and the run goes on
  /// @return a copy
  public Fan progress(Consumer<? super Progress> listener) {
    return new Fan(recipe.progress(requireNonNull(listener, "listener")));
  }

  /// Binds these scoped values on the workers to what they are bound to where the run is started.
  ///
  /// To get into another JVM, a scoped value must be in a static field, and what it is bound to
  /// must be able to travel.
  ///
  /// @param values those that tasks want to read
  /// @return a copy
  public Fan carrying(ScopedValue<?>... values) {
    Class<?> caller = CALLERS.getCallerClass();
    return new Fan(
        recipe.carrying(Stream.of(values).map(value -> new Carried.Key(value, caller)).toList()));
  }

  /// Makes this the fan that [#out] returns in the code called by `body`: for code one does not
  /// own. An inner default beats an outer one, and an explicit choice beats both.
  ///
  /// @param body what to call, at once, on this thread
  /// @return what it returns
  /// @param <R> the type of that
  /// @param <X> what it may throw
  /// @throws X if it does
  public <R, X extends Throwable> R asDefault(ScopedValue.CallableOp<? extends R, X> body)
      throws X {
    return Ambient.current().withDefault(this).bound().call(body);
  }

  // ---- do

  /// Runs the task on every input and returns all results.
  ///
  /// @param inputs what to run it on, read as the run goes along
  /// @param task what to run
  /// @return the results, in the order of inputs unless [#unordered]; not to be modified
  /// @param <T> the type of inputs
  /// @param <R> the type of results
  /// @throws TaskFailed as soon as an input has failed for good; everything else is stopped by then
  /// @throws CancellationException if the calling thread is interrupted; its flag is set again
  public <T, R> List<R> map(Iterable<? extends T> inputs, Task<? super T, ? extends R> task) {
    return collect(Source.of(inputs), task);
  }

  /// [#map(Iterable, Task)] over an iterator.
  ///
  /// @param inputs what to run it on, read as the run goes along
  /// @param task what to run
  /// @return the results
  /// @param <T> the type of inputs
  /// @param <R> the type of results
  public <T, R> List<R> map(Iterator<? extends T> inputs, Task<? super T, ? extends R> task) {
    return collect(Source.of(inputs), task);
  }

  /// [#map(Iterable, Task)] over a stream, which is read by this thread only, and closed.
  ///
  /// @param inputs what to run it on, read as the run goes along
  /// @param task what to run
  /// @return the results
  /// @param <T> the type of inputs
  /// @param <R> the type of results
  public <T, R> List<R> map(Stream<? extends T> inputs, Task<? super T, ? extends R> task) {
    return collect(Source.of(inputs), task);
  }

  /// Runs the task on the inputs as the results are pulled: nothing is read before somebody pulls.
  ///
  /// Close the stream, best by `try`, unless it is read to its end: that cancels what runs and
  /// waits until it has stopped. It may be closed from another thread. Reading it throws what
  /// [#map] throws.
  ///
  /// @param inputs what to run it on; may be endless
  /// @param task what to run
  /// @return the results, in the order of inputs unless [#unordered]
  /// @param <T> the type of inputs
  /// @param <R> the type of results
  public <T, R> Stream<R> stream(Iterable<? extends T> inputs, Task<? super T, ? extends R> task) {
    return Pulled.stream(results(Source.of(inputs), task, false), recipe.ordered());
  }

  /// [#stream(Iterable, Task)] over an iterator.
  ///
  /// @param inputs what to run it on; may be endless
  /// @param task what to run
  /// @return the results
  /// @param <T> the type of inputs
  /// @param <R> the type of results
  public <T, R> Stream<R> stream(Iterator<? extends T> inputs, Task<? super T, ? extends R> task) {
    return Pulled.stream(results(Source.of(inputs), task, false), recipe.ordered());
  }

  /// [#stream(Iterable, Task)] over a stream, which is read by one thread only, and closed at the
  /// end.
  ///
  /// @param inputs what to run it on; may be endless
  /// @param task what to run
  /// @return the results
  /// @param <T> the type of inputs
  /// @param <R> the type of results
  public <T, R> Stream<R> stream(Stream<? extends T> inputs, Task<? super T, ? extends R> task) {
    return Pulled.stream(results(Source.of(inputs), task, false), recipe.ordered());
  }

  /// Like [#stream(Iterable, Task)], but tells what became of every input: a failure ends nothing,
  /// unless it says so itself ([io.fanwise.work.EndsRun]). Then [TaskFailed] is thrown.
  ///
  /// If something else ends it, such as an interrupt, the inputs that had failed but stood in line
  /// behind others are suppressed exceptions of what is thrown, each a [TaskFailed].
  ///
  /// @param inputs what to run it on; may be endless
  /// @param task what to run
  /// @return an outcome for each input, in the order of inputs unless [#unordered]
  /// @param <T> the type of inputs
  /// @param <R> the type of results
  public <T, R> Stream<Outcome<T, R>> outcomes(
      Iterable<? extends T> inputs, Task<? super T, ? extends R> task) {
    return Pulled.stream(outcomes(Source.of(inputs), task), recipe.ordered());
  }

  /// [#outcomes(Iterable, Task)] over an iterator.
  ///
  /// @param inputs what to run it on; may be endless
  /// @param task what to run
  /// @return an outcome for each input
  /// @param <T> the type of inputs
  /// @param <R> the type of results
  public <T, R> Stream<Outcome<T, R>> outcomes(
      Iterator<? extends T> inputs, Task<? super T, ? extends R> task) {
    return Pulled.stream(outcomes(Source.of(inputs), task), recipe.ordered());
  }

  /// [#outcomes(Iterable, Task)] over a stream, which is read by one thread only, and closed at the
  /// end.
  ///
  /// @param inputs what to run it on; may be endless
  /// @param task what to run
  /// @return an outcome for each input
  /// @param <T> the type of inputs
  /// @param <R> the type of results
  public <T, R> Stream<Outcome<T, R>> outcomes(
      Stream<? extends T> inputs, Task<? super T, ? extends R> task) {
    return Pulled.stream(outcomes(Source.of(inputs), task), recipe.ordered());
  }

  /// Does something with every input. Throws what [#map] throws.
  ///
  /// @param inputs what to do it with, read as the run goes along
  /// @param action what to do
  /// @param <T> the type of inputs
  public <T> void forEach(Iterable<? extends T> inputs, Action<? super T> action) {
    exhaust(Source.of(inputs), action);
  }

  /// [#forEach(Iterable, Action)] over an iterator.
  ///
  /// @param inputs what to do it with, read as the run goes along
  /// @param action what to do
  /// @param <T> the type of inputs
  public <T> void forEach(Iterator<? extends T> inputs, Action<? super T> action) {
    exhaust(Source.of(inputs), action);
  }

  /// [#forEach(Iterable, Action)] over a stream, which is read by this thread only, and closed.
  ///
  /// @param inputs what to do it with, read as the run goes along
  /// @param action what to do
  /// @param <T> the type of inputs
  public <T> void forEach(Stream<? extends T> inputs, Action<? super T> action) {
    exhaust(Source.of(inputs), action);
  }

  /// A stage of a stream that runs the task on its elements, lazily also on an endless stream.
  ///
  /// {@snippet class="io.fanwise.Showcase" region="gather"}
  ///
  /// Throws what [#map] throws. What still runs when the rest of the pipeline needs no more, is
  /// cancelled; when an earlier stage throws, it runs to its end, since nobody tells the gatherer.
  /// One element more than the window allows is taken from upstream.
  ///
  /// @param task what to run
  /// @return a gatherer that can be used many times
  /// @param <T> the type of elements
  /// @param <R> the type of results
  public <T, R> Gatherer<T, ?, R> mapping(Task<? super T, ? extends R> task) {
    requireNonNull(task, "task");
    return Gatherer.ofSequential(
        () -> new Mapping(source -> results(source, task, false)),
        Gatherer.Integrator.<Mapping, T, R>of(Mapping::push),
        Mapping::flush);
  }

  /// Runs the task on every input in the background, on a thread of its own that reads the inputs.
  ///
  /// @param inputs what to run it on
  /// @param task what to run
  /// @return the run, to be asked, waited for or cancelled
  /// @param <T> the type of inputs
  /// @param <R> the type of results
  public <T, R> Running<R> start(Iterable<? extends T> inputs, Task<? super T, ? extends R> task) {
    requireNonNull(task, "task");
    return Running.start(this, recipe.bindings(Ambient.current()), Source.of(inputs), task);
  }

  /// [#start(Iterable, Task)] over an iterator.
  ///
  /// @param inputs what to run it on
  /// @param task what to run
  /// @return the run
  /// @param <T> the type of inputs
  /// @param <R> the type of results
  public <T, R> Running<R> start(Iterator<? extends T> inputs, Task<? super T, ? extends R> task) {
    requireNonNull(task, "task");
    return Running.start(this, recipe.bindings(Ambient.current()), Source.of(inputs), task);
  }

  /// [#start(Iterable, Task)] over a stream, which is closed at the end.
  ///
  /// @param inputs what to run it on
  /// @param task what to run
  /// @return the run
  /// @param <T> the type of inputs
  /// @param <R> the type of results
  public <T, R> Running<R> start(Stream<? extends T> inputs, Task<? super T, ? extends R> task) {
    requireNonNull(task, "task");
    return Running.start(this, recipe.bindings(Ambient.current()), Source.of(inputs), task);
  }

  /// The same workers as a standard executor. Closing it leaves shared workers running; cancelling
  /// a future interrupts its task.
  ///
  /// @return a new executor, to be closed
  public ExecutorService executor() {
    return new FanExecutor(workers(), recipe);
  }

  /// What travels in its place.
  ///
  /// @return how it works, but not where
  private Object writeReplace() {
    return recipe.abroad();
  }

  /// What was a fan in another JVM.
  static Fan from(Recipe.Abroad settings) {
    return new Fan(sequential().recipe.like(settings));
  }

  private static int positive(String what, int number) {
    if (number < 1) {
      throw new IllegalArgumentException(what + " must be at least 1, was " + number);
    }
    return number;
  }

  private <T, R> Pull outcomes(Source source, Task<? super T, ? extends R> task) {
    return run(recipe, source, task, Pull.Failures.ARE_OUTCOMES, false);
  }

  private Pull results(Source source, Task<?, ?> task, boolean keptAnyway) {
    return run(recipe, source, task, Pull.Failures.END_THE_RUN, keptAnyway);
  }

  /// All results; `begun` gets hold of the run before it begins.
  <R> List<R> collect(Source source, Task<?, ? extends R> task, Consumer<Pull> begun) {
    Pull run = results(source, task, true);
    begun.accept(run);
    return Collected.from(run, recipe.ordered(), source.size());
  }

  private <R> List<R> collect(Source source, Task<?, ? extends R> task) {
    return Collected.from(results(source, task, true), recipe.ordered(), source.size());
  }

  private <T> void exhaust(Source source, Action<? super T> action) {
    requireNonNull(action, "action");
    Task<T, Boolean> task =
        input -> {
          action.run(input);
          return true;
        };
    Pull run = run(recipe.unordered(), source, task, Pull.Failures.END_THE_RUN, true);
    try {
      while (run.next() != null) {
        // pulling is what does the work
      }
    } finally {
      run.close();
    }
  }

  private Pull run(
      Recipe how, Source source, Task<?, ?> task, Pull.Failures failures, boolean keptAnyway) {
    requireNonNull(task, "task");
    Workers workers = workers();
    Ambient around = Ambient.current().on(workers);
    if (how.isPlain() && workers.equals(onCallersThread())) {
      return new InPlace(how, around, task, source, failures);
    }
    Task<?, ?> ready = ready(workers, how.carried(), task, source);
    return new Run(
        how,
        workers,
        around,
        ready,
        source,
        failures,
        keptAnyway,
        unpacking(task),
        ThreadLocalRandom.current());
  }

  private static Function<Object, Optional<Object>> unpacking(Task<?, ?> task) {
    if (task instanceof Unpacking parcels) {
      return parcels::unpacked;
    }
    return Optional::of;
  }

  private static Task<?, ?> ready(
      Workers workers, List<Carried.Key> carried, Task<?, ?> task, Source source) {
    try {
      return workers.ready(workers.inThisJvm() ? task : Carried.by(task, carried));
    } catch (Throwable e) {
      Pull.close(source::close, e);
      throw e;
    }
  }

  /// The workers; or no workers, if this code already runs on them and would wait for itself.
  private Workers workers() {
    Workers workers = recipe.workers().get();
    return Ambient.current().isOn(workers) ? onCallersThread() : workers;
  }

  private static Workers onCallersThread() {
    return sequential().recipe.workers().get();
  }

  Fan listening(Consumer<? super Progress> also) {
    Consumer<? super Progress> before = recipe.listener();
    return progress(
        before == null
            ? also
            : snapshot -> {
              also.accept(snapshot);
              before.accept(snapshot);
            });
  }
}

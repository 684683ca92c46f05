package io.fanwise.spi;

import io.fanwise.work.Task;
import java.time.Duration;

/// Workers that run calls. Safe for use by many threads: several runs may share them.
///
/// Whoever writes a backend promises that
///
/// - at most [#jobs] calls run at the same time,
/// - every call that was submitted is run or answered, also after [#close], and
/// - no thread of theirs keeps the JVM from ending.
public interface Workers extends AutoCloseable {

  /// How many calls run at the same time.
  ///
  /// @return at least 1
  int jobs();

  /// How many calls of a run may wait beside those that run, so that no worker waits for the next.
  ///
  /// @return 0 or more; as many as there are jobs, unless overridden
  default int prefetch() {
    return jobs();
  }

  /// What it costs to hand a call over, there and back. Batches are made to last a large multiple.
  ///
  /// @return measured on an ordinary machine; ten microseconds, as between threads, unless
  ///   overridden
  default Duration handOver() {
    return Duration.ofNanos(10_000);
  }

  /// Whether calls run in this JVM. A nested run whose calls nobody has begun then runs them
  /// itself, so that two pools whose workers wait for each other do not wait for ever.
  ///
  /// @return true, unless overridden
  default boolean inThisJvm() {
    return true;
  }

  /// Gets a task ready, once for each run, before anything of it starts: called by whoever starts
  /// the run. Workers elsewhere pack it here, as it is now, and refuse one that cannot travel.
  ///
  /// @param task what the run is to do
  /// @return what the calls of the run are to carry; the same task, unless overridden
  /// @throws IllegalArgumentException if these workers cannot run it, saying why
  default Task<?, ?> ready(Task<?, ?> task) {
    return task;
  }

  /// Says that the run which a task was got ready for is over.
  ///
  /// @param ready what [#ready] returned
  default void over(Task<?, ?> ready) {}

  /// Takes a call, to be run as soon as a worker is free, first come, first served. Does not block,
  /// unless the work is done on the caller's own thread.
  ///
  /// @param call what to run
  /// @throws IllegalStateException if the workers are closed
  void submit(Call call);

  /// Stops a call: one that waits is never begun, one that runs is asked to stop.
  ///
  /// Those who run calls in this JVM have nothing to add.
  ///
  /// @param call a call that was submitted
  default void cancel(Call call) {
    call.cancel();
  }

  /// Cancels what is left, waits for what runs, and ends the workers.
  @Override
  void close();
}

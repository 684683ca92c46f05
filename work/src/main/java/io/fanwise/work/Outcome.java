package io.fanwise.work;

import java.time.Duration;
import java.util.Objects;

/// What became of one input: its result, or why there is none.
///
/// ```java
/// switch (outcome) {
///   case Done(var url, var page, _) -> index.add(page);
///   case Failed(var url, var error, _) -> log.warn("skipping {}", url, error);
/// }
/// ```
///
/// Immutable, as far as the input and the result are.
///
/// @param <T> the type of inputs
/// @param <R> the type of results
public sealed interface Outcome<T, R> {

  /// The input this is about.
  ///
  /// @return the input, as it was read
  T input();

  /// How the work on it went.
  ///
  /// @return index, attempts, duration and worker
  Execution execution();

  /// Where in the inputs it stood.
  ///
  /// @return its position, from 0
  default long index() {
    return execution().index();
  }

  /// How often it was tried.
  ///
  /// @return 1 for an input that was not retried
  default int attempts() {
    return execution().attempts();
  }

  /// How long the last attempt ran on its worker.
  ///
  /// @return the pure run time, without waiting
  default Duration duration() {
    return execution().duration();
  }

  /// Who ran the last attempt.
  ///
  /// @return the name of the worker, such as `fan-threads-3`
  default String worker() {
    return execution().worker();
  }

  /// The task returned.
  ///
  /// @param <T> the type of inputs
  /// @param <R> the type of results
  /// @param input the input
  /// @param result what the task made of it
  /// @param execution how the work on it went
  record Done<T, R>(T input, R result, Execution execution) implements Outcome<T, R> {
    /// Refuses what is missing.
    public Done {
      Objects.requireNonNull(input, "input");
      Objects.requireNonNull(result, "result");
      Objects.requireNonNull(execution, "execution");
    }
  }

  /// The task threw in its last attempt, or took too long.
  ///
  /// @param <T> the type of inputs
  /// @param <R> the type of results
  /// @param input the input
  /// @param error what the task threw, or [TaskTimedOut]
  /// @param execution how the work on it went
  record Failed<T, R>(T input, Throwable error, Execution execution) implements Outcome<T, R> {
    /// Refuses what is missing.
    public Failed {
      Objects.requireNonNull(input, "input");
      Objects.requireNonNull(error, "error");
      Objects.requireNonNull(execution, "execution");
    }
  }
}

package io.fanwise.cli;

import io.fanwise.cli.output.Rendered;
import io.fanwise.rows.Row;
import io.fanwise.work.Task;
import java.util.Optional;

/// What is done with each input, and what of its result is written.
///
/// @param <R> the type of results
interface Work<R> {

  /// What tells it from other work, in words: a run that was begun with others is not gone on with.
  String words();

  /// The task, which the workers run.
  Task<Row, R> task();

  /// The record of a result, to be written.
  Rendered record(R result);

  /// The result that a failed input has all the same.
  default Optional<R> failed(Throwable error) {
    return Optional.empty();
  }

  /// What is to be passed on to standard error.
  default byte[] aside(R result) {
    return new byte[0];
  }

  /// Whether it asks which input of which run it works on.
  default boolean wantsInputId() {
    return false;
  }

  /// Whether the run has ended because there are no workers that could do this work.
  default boolean unworkable(RuntimeException error) {
    return false;
  }

  /// Whether no input can fare better than one that failed like this.
  default boolean hopeless(Throwable error) {
    return false;
  }
}

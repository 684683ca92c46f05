package io.fanwise.processes;

import io.fanwise.work.WorkerLost;
import org.jspecify.annotations.Nullable;

/// What came of the task of a process. Immutable.
///
/// @param <R> what it gives back
sealed interface Ending<R extends @Nullable Object> {
  /// It returned.
  record Returned<R extends @Nullable Object>(R value) implements Ending<R> {}

  /// It threw, or what it returned cannot travel.
  record Threw<R extends @Nullable Object>(Throwable error) implements Ending<R> {}

  /// The process ended before the task did.
  record Lost<R extends @Nullable Object>(int exitCode, LastWords words) implements Ending<R> {}

  /// The task never began.
  record NeverBegan<R extends @Nullable Object>(String why, Throwable error) implements Ending<R> {}

  /// The result, or what there is instead, thrown from where it is asked for.
  ///
  /// @param process its name
  default R result(String process) {
    return switch (this) {
      case Returned<R>(R value) -> value;
      case Threw<R>(Throwable error) -> throw new ProcessFailed(process, error);
      case Lost<R>(int code, LastWords words) -> {
        WorkerLost lost = words.of(process, code);
        lost.fillInStackTrace();
        throw lost;
      }
      case NeverBegan<R>(String why, Throwable error) ->
          throw new IllegalStateException(why, error);
    };
  }
}

package io.fanwise.cli.task;

import io.fanwise.rows.Row;
import io.fanwise.work.Task;

/// A task that is ready to run, and the classes it is made of.
///
/// @param task safe for use by many threads if what the user wrote is; its result is never null,
///   and [NoResult] if it has none
/// @param type the user's class that it runs
/// @param classes loads the user's classes and knows their bytes
public record CompiledTask(Task<Row, Object> task, Class<?> type, TaskClasses classes) {

  /// For a worker JVM, which does not know that what it is sent comes with classes of its own.
  ///
  /// @param whole the task and whatever is done with its results
  /// @param <R> what that gives
  /// @return the same, with the user's class loader as that of the thread
  public <R> Task<Row, R> elsewhere(Task<Row, R> whole) {
    return new Elsewhere<>(whole, type);
  }

  private record Elsewhere<R>(Task<Row, R> whole, Class<?> type) implements Task<Row, R> {
    @Override
    public R run(Row row) throws Exception {
      Thread.currentThread().setContextClassLoader(type.getClassLoader());
      return whole.run(row);
    }
  }
}

package io.fanwise.cli;

import io.fanwise.cli.output.Rendered;
import io.fanwise.rows.Row;
import io.fanwise.work.Task;

/// Work done by other JVMs, which may not start, and where the task may not arrive.
record InOtherJvms<R>(Work<R> work) implements Work<R> {
  @Override
  public String words() {
    return work.words();
  }

  @Override
  public Task<Row, R> task() {
    return work.task();
  }

  @Override
  public Rendered record(R result) {
    return work.record(result);
  }

  /// What a task throws is an outcome, so these come from the workers.
  @Override
  public boolean unworkable(RuntimeException error) {
    return error instanceof IllegalArgumentException || error instanceof IllegalStateException;
  }
}

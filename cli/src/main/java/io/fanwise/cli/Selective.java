package io.fanwise.cli;

import io.fanwise.cli.output.Rendered;
import io.fanwise.rows.Row;
import io.fanwise.work.Task;
import java.util.Optional;

/// Work that leaves out some inputs: they are done, and have no record.
///
/// @param work what is done with the others
/// @param condition which are left in
/// @param nothing the result of those that are left out
record Selective<R>(Work<R> work, Condition condition, R nothing) implements Work<R> {
  @Override
  public String words() {
    return work.words() + StateOptions.WHERE + condition.text();
  }

  @Override
  public Task<Row, R> task() {
    return new Asking<>(condition, work.task(), nothing);
  }

  /// What the workers run, which may be other JVMs.
  private record Asking<R>(Condition condition, Task<Row, R> task, R nothing)
      implements Task<Row, R> {
    @Override
    public R run(Row row) throws Exception {
      return condition.holds(row) ? task.run(row) : nothing;
    }
  }

  @Override
  public boolean wantsInputId() {
    return work.wantsInputId();
  }

  @Override
  public Rendered record(R result) {
    return work.record(result);
  }

  @Override
  public Optional<R> failed(Throwable error) {
    return work.failed(error);
  }

  @Override
  public byte[] aside(R result) {
    return work.aside(result);
  }

  @Override
  public boolean hopeless(Throwable error) {
    return work.hopeless(error);
  }
}

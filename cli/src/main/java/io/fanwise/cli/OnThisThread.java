package io.fanwise.cli;

import io.fanwise.cli.output.Rendered;
import io.fanwise.rows.Row;
import io.fanwise.work.Task;
import java.util.Optional;

/// Work done by the thread that runs the command, which can be woken from it.
record OnThisThread<R>(Work<R> work, Stop stop) implements Work<R> {
  @Override
  public String words() {
    return work.words();
  }

  @Override
  public Task<Row, R> task() {
    return stop.interrupting(work.task());
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

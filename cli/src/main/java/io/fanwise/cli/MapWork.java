package io.fanwise.cli;

import io.fanwise.cli.output.Rendered;
import io.fanwise.rows.Row;
import io.fanwise.work.Task;

/// A function of the user's, whose results are made text on the workers.
///
/// @param words what tells it from others
/// @param task the function
record MapWork(String words, Task<Row, Rendered> task) implements Work<Rendered> {
  @Override
  public Rendered record(Rendered result) {
    return result;
  }
}

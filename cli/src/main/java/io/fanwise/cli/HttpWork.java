package io.fanwise.cli;

import io.fanwise.cli.output.Rendered;
import io.fanwise.cli.output.Rendering;
import io.fanwise.http.Http;
import io.fanwise.rows.Row;
import io.fanwise.work.Task;

/// A call of a web service for each input. Immutable.
///
/// @param http the call
/// @param selecting what is made a result of its answer
/// @param rendering how that is written
record HttpWork(Http http, Selecting selecting, Rendering rendering) implements Work<Rendered> {

  @Override
  public String words() {
    String parts = selecting.parts().isEmpty() ? "" : ", of it " + selecting.parts();
    return "http " + http.identity() + parts;
  }

  @Override
  public Task<Row, Rendered> task() {
    return rendering.after(row -> selecting.from(http.run(row.sound())));
  }

  @Override
  public Rendered record(Rendered result) {
    return result;
  }
}

package io.fanwise.cli;

import io.fanwise.cli.output.Rendered;
import io.fanwise.cli.output.Rendering;
import io.fanwise.http.Http;
import io.fanwise.pipeline.InputId;
import io.fanwise.rows.Row;
import io.fanwise.work.Task;
import java.util.UUID;

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
  public boolean wantsInputId() {
    return http.wantsInputId();
  }

  /// A run whose state is not kept has a name for as long as it lasts.
  @Override
  public Task<Row, Rendered> task() {
    String run = UUID.randomUUID().toString();
    return rendering.after(row ->
        !wantsInputId() || InputId.current().isPresent()
            ? result(row)
            : new InputId(run, row.index()).<Object, Exception>during(() -> result(row)));
  }

  private Object result(Row row) throws Exception {
    return selecting.from(http.run(row.sound()));
  }

  @Override
  public Rendered record(Rendered result) {
    return result;
  }
}

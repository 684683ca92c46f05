package io.fanwise.pipeline;

import io.fanwise.rows.Bookmark;
import io.fanwise.work.Task;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/// What a stream holds.
record StreamSource<T>(String name, Opening<T> inputs) implements Source<T> {

  @Override
  public List<String> identity() {
    return List.of(name);
  }

  @Override
  public Cursor open(Bookmark from) throws IOException {
    Stream<T> stream = inputs.open();
    return new Iteration(stream.iterator(), stream::close, from);
  }

  @Override
  public Task<Object, T> decoder() {
    return Iteration.decoder();
  }
}

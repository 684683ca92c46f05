package io.fanwise.pipeline;

import io.fanwise.rows.Bookmark;
import io.fanwise.work.Task;
import java.util.List;

/// What an iterable holds.
record IterableSource<T>(String name, Iterable<T> inputs) implements Source<T> {

  @Override
  public List<String> identity() {
    return List.of(name);
  }

  @Override
  public Cursor open(Bookmark from) {
    return new Iteration(inputs.iterator(), () -> {}, from);
  }

  @Override
  public Task<Object, T> decoder() {
    return Iteration.decoder();
  }
}

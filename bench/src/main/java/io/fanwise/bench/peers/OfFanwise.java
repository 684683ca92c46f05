package io.fanwise.bench.peers;

import io.fanwise.Fan;
import io.fanwise.work.Task;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Fanwise as it comes, without tuning.
final class OfFanwise implements Peers {

  @Override
  public @Nullable Peer named(String name, int jobs) {
    return switch (name) {
      case "fanwise" -> new Lists(Fan.threads(jobs));
      case "fanwise-virtual" -> new Lists(Fan.virtualThreads(jobs));
      case "fanwise-sequential" -> new Lists(Fan.sequential());
      case "fanwise-stream" -> new Streams(Fan.threads(jobs));
      case "fanwise-virtual-stream" -> new Streams(Fan.virtualThreads(jobs));
      case "fanwise-unordered" -> new Streams(Fan.threads(jobs).unordered());
      case "fanwise-forEach" -> new Actions(Fan.threads(jobs));
      default -> null;
    };
  }

  private record Lists(Fan fan) implements Peer {
    @Override
    public <T, R> List<R> map(List<T> inputs, Task<T, R> task) {
      return fan.map(inputs, task);
    }
  }

  /// An ordered stream holds no more than its window.
  private record Streams(Fan fan) implements Peer {
    @Override
    public <T, R> List<R> map(List<T> inputs, Task<T, R> task) {
      List<R> results = new ArrayList<>(inputs.size());
      each(inputs.iterator(), task, results::add);
      return results;
    }

    @Override
    public <T, R> void each(Iterator<T> inputs, Task<T, R> task, Consumer<R> sink) {
      try (Stream<R> results = fan.stream(inputs, task)) {
        results.forEachOrdered(sink);
      }
    }
  }

  /// The sink is called by the workers.
  private record Actions(Fan fan) implements Peer {
    @Override
    public <T, R> List<R> map(List<T> inputs, Task<T, R> task) {
      throw new UnsupportedOperationException("forEach has no results");
    }

    @Override
    public <T, R> void each(Iterator<T> inputs, Task<T, R> task, Consumer<R> sink) {
      fan.forEach(inputs, input -> sink.accept(task.run(input)));
    }
  }
}

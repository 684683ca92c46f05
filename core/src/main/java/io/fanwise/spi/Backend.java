package io.fanwise.spi;

import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.TreeMap;

/// A description of workers: what they are and how many, not the running thing.
///
/// Make it a record: equal descriptions share one set of running [Workers], kept warm between runs.
/// Immutable.
public interface Backend {

  /// What kind of workers, in a word that a command line can name.
  ///
  /// @return such as `threads`
  String name();

  /// Gets the workers going. They stop by themselves when idle: nothing closes shared ones.
  ///
  /// @return workers that nobody else has
  Workers start();

  /// One of the backends that [BackendProvider]s offer; `threads`, `virtual` and `sequential`
  /// always.
  ///
  /// ```java
  /// try (Workers workers = Backend.named("threads", 4).start()) {
  ///   Fan.on(workers).map(grid, Model::fit);
  /// } // no thread is left here
  /// ```
  ///
  /// @param name which one
  /// @param jobs how many inputs are worked on at the same time, at least 1
  /// @return the description
  /// @throws IllegalArgumentException if there is no such backend, naming those that there are
  static Backend named(String name, int jobs) {
    Map<String, BackendProvider> known = new TreeMap<>();
    for (BackendProvider provider : ServiceLoader.load(BackendProvider.class)) {
      known.putIfAbsent(provider.name(), provider);
    }
    BackendProvider chosen = known.get(Objects.requireNonNull(name, "name"));
    if (chosen == null) {
      throw new IllegalArgumentException(
          "no backend is called " + name + "; there are " + String.join(", ", known.keySet()));
    }
    return chosen.backend(jobs);
  }
}

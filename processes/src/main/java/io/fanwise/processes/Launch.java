package io.fanwise.processes;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How worker JVMs are started. Immutable.
///
/// @param heap as for `-Xmx`; empty for a share of the memory
/// @param options more options of the JVM
/// @param environment variables beside those of this JVM
/// @param directory where they work; empty for where this JVM does
record Launch(
    String heap, List<String> options, Map<String, String> environment, Optional<Path> directory) {
  static final Launch USUAL = new Launch("", List.of(), Map.of(), Optional.empty());

  Launch {
    options = List.copyOf(options);
    environment = Map.copyOf(environment);
  }

  Launch heap(String other) {
    return new Launch(other, options, environment, directory);
  }

  Launch options(List<String> other) {
    return new Launch(heap, other, environment, directory);
  }

  Launch environment(Map<String, String> other) {
    return new Launch(heap, options, other, directory);
  }

  Launch directory(Path other) {
    return new Launch(heap, options, environment, Optional.of(other));
  }
}

package io.fanwise.bench.processes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What one process measured: figures by name, each as often as it was repeated. Confined to one
/// thread.
final class Figures {
  private final Map<String, List<Double>> all = new LinkedHashMap<>();

  void add(String name, double value) {
    all.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
  }

  /// The milliseconds since `begun`.
  void addMillisSince(long begun, String name) {
    add(name, (System.nanoTime() - begun) / 1e6);
  }

  /// One line, as `bench/peers/processes.py` reads it.
  String json() {
    return all.entrySet().stream()
        .map(figure -> "\"" + figure.getKey() + "\": " + figure.getValue())
        .collect(Collectors.joining(", ", "{\"figures\": {", "}}"));
  }
}

package io.fanwise.bench.processes;

import io.fanwise.Fan;
import io.fanwise.processes.Processes;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;

/// What one answer takes, when nothing else is going on and the workers are warm.
final class RoundTrips {
  private static final List<Integer> ONE = List.of(1);

  private RoundTrips() {}

  /// Runs of one input.
  static Figures measured(Asked asked) throws Exception {
    Fan fan = Fan.on(Processes.of(asked.jobs()));
    return of(asked, () -> fan.map(ONE, number -> number + 1).getFirst() == 2);
  }

  /// As many trips as there are inputs, one after the other.
  static Figures of(Asked asked, Callable<Boolean> trip) throws Exception {
    Figures figures = new Figures();
    double[] micros = new double[asked.size()];
    for (int i = -asked.warmups(); i < asked.repetitions(); i++) {
      for (int at = 0; at < micros.length; at++) {
        long begun = System.nanoTime();
        if (!trip.call()) {
          throw new IllegalStateException("wrong result");
        }
        micros[at] = (System.nanoTime() - begun) / 1e3;
      }
      if (i >= 0) {
        Arrays.sort(micros);
        figures.add("p50 µs", micros[micros.length / 2]);
        figures.add("p99 µs", micros[micros.length * 99 / 100]);
      }
    }
    return figures;
  }
}

package io.fanwise.bench.processes;

import io.fanwise.Fan;
import io.fanwise.processes.Processes;

/// A program that has just been started and wants results of new workers, one of each.
///
/// ```
/// java -cp bench/target/benchmarks.jar io.fanwise.bench.processes.FirstResults fanwise 2
/// ```
public final class FirstResults {
  private FirstResults() {}

  /// Gets them, and says how long it took from here; whoever started this knows how long before.
  ///
  /// @param args `fanwise`, or `floor` for the bare start of JVMs; how many workers
  /// @throws Exception if there are no results
  public static void main(String... args) throws Exception {
    long begun = System.nanoTime();
    int jobs = Integer.parseInt(args[1]);
    if (args[0].equals("floor")) {
      try (Echoes echoes = Echoes.start(jobs)) {
        echoes.all();
        say(begun);
      }
    } else {
      Starts.pids(Fan.on(Processes.of(jobs)), jobs);
      say(begun);
    }
    System.exit(0);
  }

  private static void say(long begun) {
    double millis = (System.nanoTime() - begun) / 1e6;
    System.out.println("{\"figures\": {\"from main ms\": [" + millis + "]}}");
  }
}

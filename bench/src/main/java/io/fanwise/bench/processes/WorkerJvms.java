package io.fanwise.bench.processes;

/// One process measures worker JVMs, or the bare transport, in one case, and prints what it found
/// as one line of JSON.
///
/// ```
/// java -cp bench/target/benchmarks.jar io.fanwise.bench.processes.WorkerJvms ints fanwise 1000000 2 5 5
/// ```
///
/// Arguments: case, peer, inputs, jobs, repetitions, repetitions before these to warm up.
/// `bench/peers/run processes` does this for all cases and peers in turn.
public final class WorkerJvms {
  private WorkerJvms() {}

  /// Measures.
  ///
  /// @param args see above
  /// @throws Exception if something did not do what it was asked
  public static void main(String... args) throws Exception {
    Asked asked = Asked.of(args);
    Figures figures =
        switch (asked.peer()) {
          case "fanwise" -> ofFanwise(asked);
          case "floor" -> Floor.measured(asked);
          default -> throw asked.unknown();
        };
    System.out.println(figures.json());
    System.exit(0);
  }

  private static Figures ofFanwise(Asked asked) throws Exception {
    return switch (asked.name()) {
      case "tasks", "ints", "strings", "records", "busy-1ms" -> Rates.measured(asked);
      case "round-trip" -> RoundTrips.measured(asked);
      case "start" -> Starts.measured(asked);
      case "idle" -> Starts.idle(asked);
      case "array-shared", "array-captured", "array-slices" -> Slices.measured(asked);
      case "exit", "kill" -> Deaths.measured(asked);
      default -> throw asked.unknown();
    };
  }
}

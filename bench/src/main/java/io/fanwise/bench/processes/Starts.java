package io.fanwise.bench.processes;

import io.fanwise.Fan;
import io.fanwise.Range;
import io.fanwise.processes.Processes;
import io.fanwise.spi.Workers;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/// Workers that are new, and what they cost when they have nothing to do.
final class Starts {
  private Starts() {}

  /// New workers for a JVM that had some before.
  static Figures measured(Asked asked) {
    Figures figures = new Figures();
    for (int i = -asked.warmups(); i < asked.repetitions(); i++) {
      long begun = System.nanoTime();
      Workers workers = Processes.of(asked.jobs()).start();
      pids(Fan.on(workers), asked.jobs());
      double first = (System.nanoTime() - begun) / 1e6;
      begun = System.nanoTime();
      workers.close();
      if (i >= 0) {
        figures.add("first results ms", first);
        figures.addMillisSince(begun, "close ms");
      }
    }
    return figures;
  }

  /// Says who the workers are and leaves them alone, until there is something on the standard
  /// input: somebody else looks at them.
  static Figures idle(Asked asked) throws IOException {
    List<Long> pids = pids(Fan.on(Processes.of(asked.jobs())), asked.jobs());
    System.out.println("{\"pids\": " + pids + "}");
    if (System.in.read() < 0) {
      throw new IOException("nobody looks at the workers");
    }
    return new Figures();
  }

  /// What the first result of each worker says.
  static List<Long> pids(Fan fan, int jobs) {
    List<Long> pids = fan.batch(1).map(Range.of(0, jobs), _ -> ProcessHandle.current().pid());
    if (Set.copyOf(pids).size() != jobs) {
      throw new IllegalStateException("not all of " + jobs + " workers had something to do");
    }
    return pids;
  }
}

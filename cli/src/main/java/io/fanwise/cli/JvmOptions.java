package io.fanwise.cli;

import io.fanwise.processes.Processes;
import io.fanwise.spi.Backend;
import java.util.Optional;
import picocli.CommandLine.Option;

/// What worker JVMs are like. Confined to the thread that runs the command.
final class JvmOptions {
  @Option(
      names = "--heap",
      paramLabel = "SIZE",
      description = "The heap of each: 512m, 2g. Default: its share of the memory.")
  Optional<String> heap = Optional.empty();

  @Option(
      names = "--recycle",
      paramLabel = "N|SIZE",
      description =
          "Replace one after so many inputs (1000), or when it occupies more memory (800m)."
              + " Default: never.")
  Optional<Recycle> recycle = Optional.empty();

  /// The workers that the options describe.
  ///
  /// @throws IllegalArgumentException if there is no such kind, or what is said is not about it
  Backend backend(HowOptions how) {
    if (!how.elsewhere()) {
      refuse("--heap", heap, how);
      refuse("--recycle", recycle, how);
      return Backend.named(how.on(), how.most());
    }
    if (how.jobs() instanceof Jobs.Auto) {
      throw new IllegalArgumentException(
          "-j auto is for threads, virtual threads and programs, not for worker JVMs: say how many, such as -j 8");
    }
    Processes processes = Processes.of(how.most());
    Processes sized = heap.map(processes::heap).orElse(processes);
    return recycle.map(when -> when.of(sized)).orElse(sized);
  }

  private static void refuse(String option, Optional<?> given, HowOptions how) {
    if (given.isPresent()) {
      throw new IllegalArgumentException(
          "%s is about worker JVMs, but the task would run on %s: add --on processes, or leave it out"
              .formatted(option, how.on()));
    }
  }
}

package io.fanwise.processes;

import static java.util.Objects.requireNonNull;

import io.fanwise.spi.Backend;
import io.fanwise.spi.BackendProvider;
import io.fanwise.spi.Workers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Worker JVMs on this host: a task there may crash, leak, exhaust its heap, call `System.exit` or
/// hang, and only its own input fails.
///
/// ```java
/// Fan.on(Processes.of(4).heap("2g")).map(grid, Model::fit);
/// ```
///
/// There is nothing to prepare: workers are started with this JVM's class path and options, classes
/// they do not have are sent to them, and so is the task with all that it captures.
///
/// Each setting returns a copy. Equal descriptions share one warm set of workers, which stop when
/// they have been idle for a minute. Immutable.
public final class Processes implements Backend {
  private static final Pattern SIZE = Pattern.compile("[1-9][0-9]*[kKmMgG]?");

  private final Description is;

  private Processes(Description is) {
    this.is = is;
  }

  /// What there is to say about worker JVMs.
  record Description(
      int jobs,
      String heap,
      List<String> options,
      Map<String, String> environment,
      Optional<Path> directory,
      int processors,
      int recycleAfter,
      long recycleAbove,
      Duration idle,
      Optional<Path> logs) {}

  /// So many worker JVMs.
  ///
  /// @param jobs how many; −1 for as many as there are cores, −2 for all but one, and so on
  /// @return the description
  /// @throws IllegalArgumentException if `jobs` is 0
  public static Processes of(int jobs) {
    int cores = Runtime.getRuntime().availableProcessors();
    if (jobs == 0) {
      throw new IllegalArgumentException(
          "jobs must be at least 1, or negative to count from the number of cores, was 0");
    }
    int count = jobs > 0 ? jobs : Math.max(1, cores + 1 + jobs);
    return new Processes(
        new Description(
            count,
            "",
            List.of(),
            Map.of(),
            Optional.empty(),
            Math.max(1, cores / count),
            0,
            0,
            Duration.ofSeconds(60),
            Optional.empty()));
  }

  Description is() {
    return is;
  }

  @Override
  public String name() {
    return "processes";
  }

  @Override
  public Workers start() {
    if (System.getProperty("fanwise.worker") != null) {
      return Backend.named("sequential", 1).start(); // workers do not multiply
    }
    return new ProcessPool(this);
  }

  /// Limits the heap of each worker. Without it they share three quarters of the memory, and none
  /// has more than a quarter.
  ///
  /// @param size as for the JVM's `-Xmx`: `512m`, `2g`
  /// @return a copy
  /// @throws IllegalArgumentException if that is no size
  public Processes heap(String size) {
    if (!SIZE.matcher(requireNonNull(size, "size")).matches()) {
      throw new IllegalArgumentException(
          "heap must be a number with k, m or g behind it, such as 512m, was " + size);
    }
    return new Processes(
        new Description(
            is.jobs,
            size,
            is.options,
            is.environment,
            is.directory,
            is.processors,
            is.recycleAfter,
            is.recycleAbove,
            is.idle,
            is.logs));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Processes processes && is.equals(processes.is);
  }

  @Override
  public int hashCode() {
    return is.hashCode();
  }

  @Override
  public String toString() {
    return "Processes.of(" + is.jobs + ")";
  }

  /// Finds it by name.
  public static final class Provider implements BackendProvider {
    /// For the service loader.
    public Provider() {}

    @Override
    public String name() {
      return "processes";
    }

    @Override
    public Backend backend(int jobs) {
      return of(jobs);
    }
  }
}

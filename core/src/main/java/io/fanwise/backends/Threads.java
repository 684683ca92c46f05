package io.fanwise.backends;

import io.fanwise.spi.Backend;
import io.fanwise.spi.BackendProvider;
import io.fanwise.spi.Workers;

/// Threads of this JVM: for work that computes.
///
/// @param jobs how many, at least 1
public record Threads(int jobs) implements Backend {
  private static final long IDLE_NANOS = 5_000_000_000L;

  /// Refuses what is not a number of threads.
  public Threads {
    if (jobs < 1) {
      throw new IllegalArgumentException("jobs must be at least 1, was " + jobs);
    }
  }

  @Override
  public String name() {
    return "threads";
  }

  @Override
  public Workers start() {
    return new ThreadPool(
        jobs,
        IDLE_NANOS,
        Thread.ofPlatform().daemon().inheritInheritableThreadLocals(false),
        "fan-threads-");
  }

  /// Finds it by name.
  public static final class Provider implements BackendProvider {
    /// For the service loader.
    public Provider() {}

    @Override
    public String name() {
      return "threads";
    }

    @Override
    public Backend backend(int jobs) {
      return new Threads(jobs);
    }
  }
}

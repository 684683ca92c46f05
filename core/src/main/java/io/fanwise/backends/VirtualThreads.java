package io.fanwise.backends;

import io.fanwise.spi.Backend;
import io.fanwise.spi.BackendProvider;
import io.fanwise.spi.Workers;

/// Virtual threads: for work that waits. None is kept idle, since they cost next to nothing to
/// start.
///
/// @param jobs how many at the same time, at least 1
public record VirtualThreads(int jobs) implements Backend {

  /// Refuses what is not a number of threads.
  public VirtualThreads {
    if (jobs < 1) {
      throw new IllegalArgumentException("jobs must be at least 1, was " + jobs);
    }
  }

  @Override
  public String name() {
    return "virtual";
  }

  @Override
  public Workers start() {
    return new ThreadPool(
        jobs, 0, Thread.ofVirtual().inheritInheritableThreadLocals(false), "fan-virtual-");
  }

  /// Finds it by name.
  public static final class Provider implements BackendProvider {
    /// For the service loader.
    public Provider() {}

    @Override
    public String name() {
      return "virtual";
    }

    @Override
    public Backend backend(int jobs) {
      return new VirtualThreads(jobs);
    }
  }
}

package io.fanwise.backends;

import io.fanwise.spi.Backend;
import io.fanwise.spi.BackendProvider;
import io.fanwise.spi.Call;
import io.fanwise.spi.Worker;
import io.fanwise.spi.Workers;
import java.time.Duration;

/// No workers at all: the caller's thread does the work, one input after the other.
public record Sequential() implements Backend {

  @Override
  public String name() {
    return "sequential";
  }

  @Override
  public Workers start() {
    return new OnCallersThread();
  }

  /// Finds it by name.
  public static final class Provider implements BackendProvider {
    /// For the service loader.
    public Provider() {}

    @Override
    public String name() {
      return "sequential";
    }

    /// {@inheritDoc}
    @Override
    public Backend backend(int jobs) {
      return new Sequential();
    }
  }

  /// Immutable.
  private static final class OnCallersThread implements Workers, Worker {
    @Override
    public int jobs() {
      return 1;
    }

    @Override
    public int prefetch() {
      return 0;
    }

    /// Nothing is handed over: inputs are read, run and given on one by one, as in a plain loop.
    @Override
    public Duration handOver() {
      return Duration.ZERO;
    }

    @Override
    public void submit(Call call) {
      call.run(this);
    }

    @Override
    public void close() {}

    @Override
    public String name() {
      return "sequential";
    }

    @Override
    public boolean replaceable() {
      return false;
    }

    @Override
    public void abandoned() {
      throw new IllegalStateException("the caller's own thread cannot be replaced");
    }
  }
}

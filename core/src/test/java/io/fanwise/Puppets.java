package io.fanwise;

import io.fanwise.spi.Call;
import io.fanwise.spi.Worker;
import io.fanwise.spi.Workers;
import io.fanwise.work.Batch;
import io.fanwise.work.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/// Workers without threads: calls wait until somebody finishes one of them, on that one's thread.
/// Which one, and how much of it, is left to chance that can be repeated.
final class Puppets implements Workers {
  private final int jobs;
  private final int prefetch;
  private final RandomGenerator random;
  private final List<Call> waiting = new ArrayList<>();
  private int submitted;
  private int mostWaiting;

  Puppets(int jobs, int prefetch, RandomGenerator random) {
    this.jobs = jobs;
    this.prefetch = prefetch;
    this.random = random;
  }

  @Override
  public int jobs() {
    return jobs;
  }

  @Override
  public int prefetch() {
    return prefetch;
  }

  /// So cheap or dear that batches grow, stay or shrink.
  @Override
  public Duration handOver() {
    return Duration.ofNanos(100);
  }

  @Override
  public void submit(Call call) {
    waiting.add(call);
    submitted++;
    mostWaiting = Math.max(mostWaiting, waiting.size());
  }

  @Override
  public void cancel(Call call) {
    waiting.remove(call);
    call.cancel();
  }

  @Override
  public void close() {}

  boolean idle() {
    return waiting.isEmpty();
  }

  int submitted() {
    return submitted;
  }

  /// The most calls that were ever out at the same time.
  int mostWaiting() {
    return mostWaiting;
  }

  /// Any of the calls is run as if on a thread of this JVM.
  void runOne() {
    any().run(new Puppet("puppet"));
  }

  /// Any of the calls comes back from elsewhere: whole, in part, or as if its worker had been lost;
  /// now and then a second time.
  ///
  /// @param task what the worker does: gives a result or a [Failure]
  void bringOne(Function<Object, Object> task) {
    Call call = any();
    Batch batch = call.batch();
    int ran = random.nextInt(4) == 0 ? random.nextInt(batch.size() + 1) : batch.size();
    Object[] results = new Object[batch.size()];
    int failed = 0;
    for (int i = 0; i < ran; i++) {
      results[i] = task.apply(batch.input(i));
      if (results[i] instanceof Failure) {
        failed++;
      }
    }
    long nanos = random.nextLong(1, 20_000);
    call.done(new Batch.Result(results, ran, failed, nanos, new long[0], "far away"));
    if (random.nextInt(4) == 0) {
      call.done(new Batch.Result(new Object[0], 0, 0, 1, new long[0], "an echo"));
    }
  }

  private Call any() {
    return waiting.remove(random.nextInt(waiting.size()));
  }

  private record Puppet(String name) implements Worker {
    @Override
    public void abandoned() {
      throw new AssertionError("nothing is timed here");
    }
  }
}

package io.fanwise.bench;

import io.fanwise.Fan;
import io.fanwise.work.Task;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Where the constants of `BatchSizer` come from: the same run with batches of given sizes, and
/// with those it finds by itself (0).
///
/// - Batches of 1 show what it costs to hand one over.
/// - `US_1` shows from which size on that no longer counts: a batch lasts as many microseconds as
///   it has inputs.
/// - `SQRT` shows where batches get too large for the processor's caches.
/// - [#sized] against [#unsized], with few inputs, shows what the cut near the end is good for.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@State(Scope.Benchmark)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class BatchSizeBenchmark {
  private static final int JOBS = 2;

  /// Inputs per batch; 0 to leave it to Fanwise.
  @Param({"0", "1", "16", "64", "256", "512", "1024", "4096", "8192", "32768"})
  public int batch;

  /// How many inputs.
  @Param("200000")
  public int size;

  /// What is done with each.
  @Param({"SQRT", "US_1"})
  public Work work = Work.SQRT;

  private List<Integer> inputs = List.of();
  private Task<Integer, Double> task = Double::valueOf;
  private Fan fan = Fan.sequential();

  /// Boxes the inputs.
  @Setup
  public void start() {
    inputs = Numbers.boxed(size);
    task = work.task();
    fan = batch == 0 ? Fan.threads(JOBS) : Fan.threads(JOBS).batch(batch);
  }

  /// The run knows how many inputs are left.
  ///
  /// @return the results
  @Benchmark
  public List<Double> sized() {
    return fan.map(inputs, task);
  }

  /// The run does not know when it will end.
  ///
  /// @return the results
  @Benchmark
  public List<Double> unsized() {
    return fan.map(inputs.iterator(), task);
  }
}

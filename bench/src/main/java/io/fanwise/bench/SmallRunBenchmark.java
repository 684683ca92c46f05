package io.fanwise.bench;

import io.fanwise.Fan;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What a run costs that has next to nothing to do, on workers that are there already.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SmallRunBenchmark {
  private static final int JOBS = 2;

  /// How many inputs.
  @Param({"1", "10"})
  public int size;

  private List<Integer> inputs = List.of();
  private ExecutorService pool = ForkJoinPool.commonPool();

  /// Boxes the inputs and starts the threads.
  @Setup
  public void start() {
    inputs = Numbers.boxed(size);
    pool = Executors.newFixedThreadPool(JOBS);
  }

  /// Ends the threads.
  @TearDown
  public void end() {
    pool.shutdownNow();
  }

  /// On warm threads.
  ///
  /// @return the results
  @Benchmark
  public List<Integer> threads() {
    return Fan.threads(JOBS).map(inputs, SmallRunBenchmark::next);
  }

  /// On virtual threads, which are started for each run.
  ///
  /// @return the results
  @Benchmark
  public List<Integer> virtualThreads() {
    return Fan.virtualThreads(JOBS).map(inputs, SmallRunBenchmark::next);
  }

  /// On the caller's thread.
  ///
  /// @return the results
  @Benchmark
  public List<Integer> sequential() {
    return Fan.sequential().map(inputs, SmallRunBenchmark::next);
  }

  /// What one would write without Fanwise.
  ///
  /// @return the results
  /// @throws Exception never
  @Benchmark
  public List<Integer> pool() throws Exception {
    var submitted = inputs.stream().map(input -> pool.submit(() -> next(input))).toList();
    Integer[] results = new Integer[size];
    for (int i = 0; i < size; i++) {
      results[i] = submitted.get(i).get();
    }
    return List.of(results);
  }

  private static Integer next(Integer input) {
    return input + 1;
  }
}

package io.fanwise.bench;

import io.fanwise.Fan;
import io.fanwise.work.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
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

/// Boxed numbers to an ordered list on two threads, without tuning, and what it is compared with.
///
/// A million by default; `-p size=10000000` for ten.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@State(Scope.Benchmark)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgs = {"-Xms2g", "-Xmx2g", "-XX:+AlwaysPreTouch"})
public class MapBenchmark {
  private static final int JOBS = 2;
  private static final int SLICES_PER_JOB = 16;

  /// How many inputs.
  @Param("1000000")
  public int size;

  /// What is done with each.
  @Param public Work work = Work.SQRT;

  private List<Integer> inputs = List.of();
  private Task<Integer, Double> task = Double::valueOf;
  private ExecutorService pool = ForkJoinPool.commonPool();
  private ForkJoinPool joining = ForkJoinPool.commonPool();

  /// Boxes the inputs and starts the threads.
  @Setup
  public void start() {
    inputs = Numbers.boxed(size);
    task = work.task();
    pool = Executors.newFixedThreadPool(JOBS);
    joining = new ForkJoinPool(JOBS);
  }

  /// Ends the threads.
  @TearDown
  public void end() {
    pool.shutdownNow();
    joining.shutdownNow();
  }

  /// Without tuning.
  ///
  /// @return the results
  @Benchmark
  public List<Double> fanwise() {
    return Fan.threads(JOBS).map(inputs, task);
  }

  /// Fanwise on the caller's thread.
  ///
  /// @return the results
  @Benchmark
  public List<Double> sequential() {
    return Fan.sequential().map(inputs, task);
  }

  /// A loop on one thread.
  ///
  /// @return the results
  /// @throws Exception never
  @Benchmark
  public List<Double> loop() throws Exception {
    List<Double> results = new ArrayList<>(size);
    for (Integer input : inputs) {
      results.add(task.run(input));
    }
    return results;
  }

  /// What a careful person writes by hand.
  ///
  /// @return the results
  /// @throws Exception never
  @Benchmark
  public List<Double> slices() throws Exception {
    Double[] results = new Double[size];
    List<Callable<Boolean>> slices = new ArrayList<>();
    int count = JOBS * SLICES_PER_JOB;
    for (int i = 0; i < count; i++) {
      int from = (int) ((long) size * i / count);
      int to = (int) ((long) size * (i + 1) / count);
      slices.add(() -> fill(results, from, to));
    }
    for (Future<Boolean> slice : pool.invokeAll(slices)) {
      slice.get();
    }
    return Arrays.asList(results);
  }

  private boolean fill(Double[] results, int from, int to) throws Exception {
    for (int i = from; i < to; i++) {
      results[i] = task.run(inputs.get(i));
    }
    return true;
  }

  /// A parallel stream on a pool of two.
  ///
  /// @return the results
  /// @throws Exception never
  @Benchmark
  public List<Double> parallelStream() throws Exception {
    return joining.submit(() -> inputs.parallelStream().map(this::run).toList()).get();
  }

  private Double run(Integer input) {
    try {
      return task.run(input);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}

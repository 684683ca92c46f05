package io.fanwise.bench;

import io.fanwise.Fan;
import io.fanwise.Range;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What the engine costs an input, when inputs and results are made and dropped in little memory.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgs = "-Xmx64m")
public class StreamBenchmark {
  private static final int JOBS = 2;
  private static final int SIZE = 3_000_000;

  /// As it comes.
  ///
  /// @return the sum of the results
  @Benchmark
  @OperationsPerInvocation(SIZE)
  public long ordered() {
    return sum(Fan.threads(JOBS).stream(inputs(), StreamBenchmark::next));
  }

  /// In any order.
  ///
  /// @return the sum of the results
  @Benchmark
  @OperationsPerInvocation(SIZE)
  public long unordered() {
    return sum(Fan.threads(JOBS).unordered().stream(inputs(), StreamBenchmark::next));
  }

  /// As a stage of a stream.
  ///
  /// @return the sum of the results
  @Benchmark
  @OperationsPerInvocation(SIZE)
  public long mapping() {
    return sum(
        Stream.iterate(0L, i -> i < SIZE, i -> i + 1)
            .gather(Fan.threads(JOBS).mapping(StreamBenchmark::next)));
  }

  /// With an outcome for each input.
  ///
  /// @return the sum of the results
  @Benchmark
  @OperationsPerInvocation(SIZE)
  public long outcomes() {
    return sum(
        Fan.threads(JOBS).outcomes(inputs(), StreamBenchmark::next).map(done -> done.index()));
  }

  /// Without Fanwise, on one thread.
  ///
  /// @return the sum of the results
  @Benchmark
  @OperationsPerInvocation(SIZE)
  public long plainStream() {
    return sum(Stream.iterate(0L, i -> i < SIZE, i -> i + 1).map(StreamBenchmark::next));
  }

  private static Range<Long> inputs() {
    return Range.of(0L, SIZE);
  }

  private static Long next(Long input) {
    return input * 31 + 7;
  }

  private static long sum(Stream<Long> results) {
    try (results) {
      return results.mapToLong(Long::longValue).sum();
    }
  }
}

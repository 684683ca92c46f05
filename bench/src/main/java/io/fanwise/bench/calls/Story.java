package io.fanwise.bench.calls;

import io.fanwise.Fan;
import io.fanwise.pipeline.Pipeline;
import io.fanwise.pipeline.Sink;
import io.fanwise.pipeline.Source;
import io.fanwise.pipeline.Summary;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.IntStream;

/// One process makes so many calls of 100 ms, so many at a time, and keeps what they return.
///
/// ```
/// java -cp bench/target/benchmarks.jar io.fanwise.bench.calls.Story 10000 200 answers.jsonl
/// ```
///
/// Arguments: calls, calls at a time, the output. It may be killed at any moment and started again.
public final class Story {
  private static final int CALL_MILLIS = 100;

  private Story() {}

  /// Calls.
  ///
  /// @param args see above
  public static void main(String... args) {
    long begun = System.nanoTime();
    Iterable<Integer> items = IntStream.range(0, Integer.parseInt(args[0]))::iterator;
    Summary summary =
        Pipeline.read(Source.of("items", items))
            .map(item -> {
              Thread.sleep(CALL_MILLIS);
              return item;
            })
            .write(Sink.jsonLines(Path.of(args[2])))
            .run(Fan.virtualThreads(Integer.parseInt(args[1])));
    System.out.printf(
        Locale.ROOT,
        "{\"seconds\": %.3f, \"kept\": %d}%n",
        (System.nanoTime() - begun) / 1e9,
        summary.done());
  }
}

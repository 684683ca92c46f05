package io.fanwise.examples;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import io.fanwise.Fan;
import io.fanwise.Progress;
import io.fanwise.Range;
import io.fanwise.Retry;
import io.fanwise.work.Outcome.Done;
import io.fanwise.work.Outcome.Failed;
import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;

/// Ten thousand slow and flaky calls by 200 workers, each with a time limit and retries, reported
/// as they finish: `java … io.fanwise.examples.TenThousandCalls`. Put your own call in the place of
/// [#call].
public final class TenThousandCalls {
  private TenThousandCalls() {}

  /// How many calls got an answer, and how many never did.
  ///
  /// @param answers calls that were answered
  /// @param failures calls that failed to the last attempt
  public record Summary(long answers, long failures) {}

  public static Summary run(int calls, long millisPerCall) {
    Fan fan =
        Fan.virtualThreads(200)
            .unordered()
            .timeout(ofSeconds(5))
            .retry(Retry.times(5).backoff(ofMillis(10), ofSeconds(1)).on(IOException.class))
            .progress(TenThousandCalls::show);
    long[] count = new long[2];
    try (var outcomes = fan.outcomes(Range.of(0, calls), i -> call(i, millisPerCall))) {
      outcomes.forEach(outcome -> {
        switch (outcome) {
          case Done(_, _, _) -> count[0]++;
          case Failed(_, _, _) -> count[1]++;
        }
      });
    }
    return new Summary(count[0], count[1]);
  }

  /// Slow, and one in a hundred fails.
  private static String call(int id, long millis) throws IOException, InterruptedException {
    Thread.sleep(millis);
    if (ThreadLocalRandom.current().nextInt(100) == 0) {
      throw new IOException("503 for item " + id);
    }
    return "answer " + id;
  }

  private static void show(Progress now) {
    String left = now.eta().map(eta -> eta.toSeconds() + " s left").orElse("");
    System.err.printf("%d done, %d retried, %s%n", now.done(), now.retried(), left);
  }

  public static void main(String[] arguments) {
    System.out.println(run(10_000, 100));
  }
}

package io.fanwise;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/// How to repeat what failed. Immutable.
///
/// ```java
/// Retry.times(5).backoff(ofMillis(100), ofSeconds(10)).on(IOException.class).within(ofMinutes(1))
/// ```
///
/// Between attempts it waits a random time between zero and a bound that doubles with every attempt
/// ("full jitter", Marc Brooker, *Exponential Backoff And Jitter*, AWS Architecture Blog, 2015). A
/// waiting input occupies no worker.
///
/// @param times how many further attempts after the first, 0 or more
/// @param firstBackoff the bound of the first wait
/// @param maxBackoff what the bound does not exceed
/// @param on which exceptions are worth another attempt: these classes and their subclasses
/// @param deadline how long after it was first handed to the workers an input may be due again
public record Retry(
    int times,
    Duration firstBackoff,
    Duration maxBackoff,
    List<Class<? extends Throwable>> on,
    Duration deadline)
    implements Serializable {
  /// Never.
  static final Retry NEVER = times(0);

  /// Refuses what makes no sense.
  public Retry {
    if (times < 0) {
      throw new IllegalArgumentException("retries must be 0 or more, was " + times);
    }
    firstBackoff = Spans.notNegative("backoff", firstBackoff);
    maxBackoff = Spans.notNegative("backoff", maxBackoff);
    deadline = Spans.positive("deadline", deadline);
    if (maxBackoff.compareTo(firstBackoff) < 0) {
      throw new IllegalArgumentException(
          "a backoff grows from zero or more, was from " + firstBackoff + " to " + maxBackoff);
    }
    on = List.copyOf(on);
  }

  /// So many further attempts, with a backoff from 100 ms to 10 s, after any exception that is not
  /// an [Error].
  ///
  /// @param times how many attempts after the first
  /// @return the policy
  public static Retry times(int times) {
    return new Retry(
        times,
        Duration.ofMillis(100),
        Duration.ofSeconds(10),
        List.of(Exception.class),
        Spans.FOR_EVER);
  }

  /// The same with another backoff.
  ///
  /// @param first the bound of the first wait; zero to repeat at once
  /// @param max what the bound does not exceed as it doubles
  /// @return a copy
  public Retry backoff(Duration first, Duration max) {
    return new Retry(times, first, max, on, deadline);
  }

  /// The same for these exceptions only, and their subclasses.
  ///
  /// @param exceptions such as `IOException.class`, or [io.fanwise.work.TaskTimedOut] for timeouts
  /// @return a copy
  @SafeVarargs
  @SuppressWarnings("varargs") // only read
  public final Retry on(Class<? extends Throwable>... exceptions) {
    return new Retry(times, firstBackoff, maxBackoff, List.of(exceptions), deadline);
  }

  /// The same, but an input is not put back for an attempt that would be due later than this after
  /// it was first handed to the workers.
  ///
  /// @param total the time for all attempts on an input, waiting included
  /// @return a copy
  public Retry within(Duration total) {
    return new Retry(times, firstBackoff, maxBackoff, on, total);
  }

  /// Whether an error is worth another attempt.
  boolean covers(Throwable error, int attempts) {
    return attempts <= times && on.stream().anyMatch(type -> type.isInstance(error));
  }

  /// Nanoseconds to wait after so many attempts.
  long backoffNanos(int attempts, RandomGenerator random) {
    double bound =
        Math.min(
            (double) maxBackoff.toNanos(),
            firstBackoff.toNanos() * Math.pow(2, Math.min(attempts - 1, 62)));
    return (long) (random.nextDouble() * bound);
  }
}

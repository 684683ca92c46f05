package io.fanwise;

import io.fanwise.work.PushedBack;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
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
/// What is [pushed back][PushedBack] has not failed: it is tried again whatever is said here, until
/// the patience ends.
///
/// @param times how many further attempts after the first, 0 or more
/// @param firstBackoff the bound of the first wait
/// @param maxBackoff what the bound does not exceed
/// @param on which errors are worth another attempt
/// @param deadline how long after it was first handed to the workers an input may be due again
/// @param patience how long after that it may be due again because it was pushed back
public record Retry(
    int times,
    Duration firstBackoff,
    Duration maxBackoff,
    Errors on,
    Duration deadline,
    Duration patience)
    implements Serializable {
  /// Never.
  static final Retry NEVER = times(0);

  /// Who is pushed back and not told for how long, waits up to a second at first, and up to a
  /// minute later.
  private static final long FIRST_WAIT_NANOS = 1_000_000_000;

  private static final long LONGEST_WAIT_NANOS = 60_000_000_000L;

  /// Errors of some kind. A lambda will do; it may travel to another JVM.
  @FunctionalInterface
  public interface Errors extends Serializable {
    /// Whether an error is of this kind.
    ///
    /// @param error what a task threw, or [io.fanwise.work.TaskTimedOut] or
    ///   [io.fanwise.work.WorkerLost]
    /// @return true if it is
    boolean include(Throwable error);
  }

  /// Errors of some types, or of their subtypes.
  ///
  /// @param types the types
  private record OfTypes(List<Class<? extends Throwable>> types) implements Errors {
    @Override
    public boolean include(Throwable error) {
      return types.stream().anyMatch(type -> type.isInstance(error));
    }
  }

  /// Some errors, without some of them.
  ///
  /// @param these the errors
  /// @param not those that are left out
  private record But(Errors these, Errors not) implements Errors {
    @Override
    public boolean include(Throwable error) {
      return these.include(error) && !not.include(error);
    }
  }

  /// Refuses what makes no sense.
  public Retry {
    if (times < 0) {
      throw new IllegalArgumentException("retries must be 0 or more, was " + times);
    }
    firstBackoff = Spans.notNegative("backoff", firstBackoff);
    maxBackoff = Spans.notNegative("backoff", maxBackoff);
    deadline = Spans.positive("deadline", deadline);
    patience = Spans.notNegative("patience", patience);
    if (maxBackoff.compareTo(firstBackoff) < 0) {
      throw new IllegalArgumentException(
          "a backoff grows from zero or more, was from " + firstBackoff + " to " + maxBackoff);
    }
    Objects.requireNonNull(on, "on");
  }

  /// So many further attempts, with a backoff from 100 ms to 10 s, after any exception that is not
  /// an [Error]; and an hour of patience.
  ///
  /// @param times how many attempts after the first
  /// @return the policy
  public static Retry times(int times) {
    return new Retry(
        times,
        Duration.ofMillis(100),
        Duration.ofSeconds(10),
        new OfTypes(List.of(Exception.class)),
        Spans.FOR_EVER,
        Duration.ofHours(1));
  }

  /// The same with another backoff.
  ///
  /// @param first the bound of the first wait; zero to repeat at once
  /// @param max what the bound does not exceed as it doubles
  /// @return a copy
  public Retry backoff(Duration first, Duration max) {
    return new Retry(times, first, max, on, deadline, patience);
  }

  /// The same for these exceptions only, and their subclasses.
  ///
  /// @param exceptions such as `IOException.class`, or [io.fanwise.work.TaskTimedOut] for timeouts
  /// @return a copy
  @SafeVarargs
  @SuppressWarnings("varargs") // only read
  public final Retry on(Class<? extends Throwable>... exceptions) {
    return on(new OfTypes(List.of(exceptions)));
  }

  /// The same for these errors only.
  ///
  /// ```java
  /// Retry.times(5).on(error -> error instanceof NoAnswer no && no.status() >= 500)
  /// ```
  ///
  /// @param errors which are worth another attempt; what it throws ends the run
  /// @return a copy
  public Retry on(Errors errors) {
    return new Retry(times, firstBackoff, maxBackoff, errors, deadline, patience);
  }

  /// The same, but not for these exceptions, nor for their subclasses: they are final.
  ///
  /// @param exceptions such as `FileNotFoundException.class`
  /// @return a copy
  @SafeVarargs
  @SuppressWarnings("varargs") // only read
  public final Retry notOn(Class<? extends Throwable>... exceptions) {
    return notOn(new OfTypes(List.of(exceptions)));
  }

  /// The same, but not for these errors: they are final.
  ///
  /// @param errors which are not worth another attempt; what it throws ends the run
  /// @return a copy
  public Retry notOn(Errors errors) {
    return on(new But(on, Objects.requireNonNull(errors, "errors")));
  }

  /// The same, but an input is not put back for an attempt that would be due later than this after
  /// it was first handed to the workers.
  ///
  /// @param total the time for all attempts on an input, waiting included
  /// @return a copy
  public Retry within(Duration total) {
    return new Retry(times, firstBackoff, maxBackoff, on, total, patience);
  }

  /// The same, but an input that is [pushed back][PushedBack] is given up if it would be due again
  /// later than this after it was first handed to the workers.
  ///
  /// @param total the time until it must be let in; zero to take push-back for a failure that is
  ///   final
  /// @return a copy
  public Retry patience(Duration total) {
    return new Retry(times, firstBackoff, maxBackoff, on, deadline, total);
  }

  /// Whether an error is worth another attempt.
  boolean covers(Throwable error, int attempts) {
    return attempts <= times && on.include(error);
  }

  /// Nanoseconds to wait after so many attempts.
  long backoffNanos(int attempts, RandomGenerator random) {
    double bound =
        Math.min(
            (double) maxBackoff.toNanos(),
            firstBackoff.toNanos() * Math.pow(2, Math.min(attempts - 1, 62)));
    return (long) (random.nextDouble() * bound);
  }

  /// Nanoseconds to wait after a push-back: as long as the service says, or else a random time up
  /// to as long as it has been tried already.
  long waitNanos(PushedBack pushedBack, long triedNanos, RandomGenerator random) {
    return pushedBack
        .after()
        .map(after -> Spans.notNegative("time to wait", after).toNanos())
        .orElseGet(() -> {
          long bound = Math.clamp(triedNanos, FIRST_WAIT_NANOS, LONGEST_WAIT_NANOS);
          return (long) (random.nextDouble() * bound);
        });
  }

  /// Nanoseconds after which an input that is pushed back is given up.
  long patienceNanos() {
    return Math.min(patience.toNanos(), deadline.toNanos());
  }
}

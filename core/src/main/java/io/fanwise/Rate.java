package io.fanwise;

import java.io.Serializable;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How fast attempts may be started, over all workers of a run: a token bucket. Retries count too.
///
/// Immutable. The bucket is full when the run begins, so at most `burst` attempts start at once and
/// never more than `permits + burst` within any period.
///
/// ```java
/// Fan.virtualThreads(200).rate(Rate.perSecond(2_500)).map(urls, Web::fetch);
/// ```
///
/// A rate can hold for each host, customer or other key by itself ([#per]): then an input whose key
/// is used up keeps no other from going on. And it can count what inputs weigh instead of how many
/// they are ([#weighing]).
///
/// @param permits how many attempts per period, at least 1
/// @param period the period, more than zero
/// @param burst how many may start at once after a quiet time, at least 1
/// @param key by what inputs are told apart; null if the rate holds for all of them together
/// @param weight how many permits an input needs; null if each needs one
public record Rate(
    long permits, Duration period, long burst, @Nullable Key<?> key, @Nullable Weight<?> weight)
    implements Serializable {

  /// The key of all inputs where they are not told apart.
  private static final Object ALL = new Object();

  /// What tells inputs apart: a host, a customer.
  ///
  /// @param <T> the type of inputs
  @FunctionalInterface
  public interface Key<T> extends Serializable {
    /// The key of an input.
    ///
    /// @param input the input
    /// @return not null, with `equals` and `hashCode`
    Object of(T input);
  }

  /// What inputs weigh: tokens, bytes.
  ///
  /// @param <T> the type of inputs
  @FunctionalInterface
  public interface Weight<T> extends Serializable {
    /// The weight of an input.
    ///
    /// @param input the input
    /// @return how many permits it needs, 0 or more; one that needs more than the burst waits until
    ///   the bucket is full, and those behind it until it is filled again
    long of(T input);
  }

  /// Refuses what is not a rate.
  public Rate {
    if (permits < 1) {
      throw new IllegalArgumentException("a rate must allow at least 1 attempt, was " + permits);
    }
    period = Spans.positive("period", period);
    if (burst < 1) {
      throw new IllegalArgumentException("a burst must be at least 1, was " + burst);
    }
  }

  /// A rate for all inputs together, each of which needs one permit.
  ///
  /// @param permits how many attempts per period, at least 1
  /// @param period the period, more than zero
  /// @param burst how many may start at once after a quiet time, at least 1
  public Rate(long permits, Duration period, long burst) {
    this(permits, period, burst, null, null);
  }

  /// So many in any period, evenly spread but for a burst of one tenth of a second.
  ///
  /// @param permits how many attempts per period
  /// @param period the period
  /// @return the rate
  public static Rate of(long permits, Duration period) {
    double perTenth = (double) permits * 1e8 / Math.max(1, period.toNanos());
    return new Rate(permits, period, Math.max(1, (long) perTenth));
  }

  /// So many a second.
  ///
  /// @param permits how many attempts per second
  /// @return the rate
  public static Rate perSecond(long permits) {
    return of(permits, Duration.ofSeconds(1));
  }

  /// So many a minute.
  ///
  /// @param permits how many attempts per minute
  /// @return the rate
  public static Rate perMinute(long permits) {
    return of(permits, Duration.ofMinutes(1));
  }

  /// The same rate with another burst.
  ///
  /// @param attempts how many may start at once after a quiet time
  /// @return a copy
  public Rate burst(long attempts) {
    return new Rate(permits, period, attempts, key, weight);
  }

  /// The same rate for each key by itself.
  ///
  /// ```java
  /// Rate.perSecond(10).per(URI::getHost)
  /// ```
  ///
  /// @param of the key of an input; called on the caller's thread, and what it throws ends the run
  /// @return a copy
  /// @param <T> the type of inputs
  public <T> Rate per(Key<T> of) {
    return new Rate(permits, period, burst, Objects.requireNonNull(of, "key"), weight);
  }

  /// The same rate, of which inputs need as many permits as they weigh.
  ///
  /// ```java
  /// Rate.perMinute(250_000).weighing(Prompt::tokens)
  /// ```
  ///
  /// @param of the weight of an input; called on the caller's thread, and what it throws ends the
  ///   run
  /// @return a copy
  /// @param <T> the type of inputs
  public <T> Rate weighing(Weight<T> of) {
    return new Rate(permits, period, burst, key, Objects.requireNonNull(of, "weight"));
  }

  /// Whether inputs are equal before it.
  boolean plain() {
    return key == null && weight == null;
  }

  @SuppressWarnings("unchecked") // whoever made the rate has said that it takes the inputs
  Object keyOf(Object input) {
    if (key == null) {
      return ALL;
    }
    Object of = ((Key<Object>) key).of(input);
    return Objects.requireNonNull(
        of, () -> "the rate's key must not be null, but is so of " + input);
  }

  @SuppressWarnings("unchecked") // whoever made the rate has said that it takes the inputs
  long weightOf(Object input) {
    long of = weight == null ? 1 : ((Weight<Object>) weight).of(input);
    if (of < 0) {
      throw new IllegalArgumentException(
          "the rate's weight must not be negative, was " + of + " of " + input);
    }
    return of;
  }

  /// A bucket of tokens that fills up as time goes by. Confined to the caller's thread.
  static final class Bucket {
    private final double perNano;
    private final double most;
    private double tokens;
    private long filled;

    Bucket(Rate rate, long now) {
      this.perNano = (double) rate.permits() / rate.period().toNanos();
      this.most = (double) rate.burst();
      this.tokens = most;
      this.filled = now;
    }

    /// Takes so many tokens, if they are there: as many as the bucket holds will do.
    boolean grants(long attempts, long now) {
      fill(now);
      if (tokens < Math.min((double) attempts, most)) {
        return false;
      }
      tokens -= attempts;
      return true;
    }

    /// How many tokens are there.
    int available(long now) {
      fill(now);
      return (int) Math.min(tokens, Integer.MAX_VALUE);
    }

    /// Puts tokens back that were not used.
    void giveBack(int attempts) {
      tokens += attempts;
    }

    /// Nanoseconds until so many are granted.
    long untilGranted(long attempts, long now) {
      fill(now);
      return (long) Math.ceil(Math.max(0, Math.min((double) attempts, most) - tokens) / perNano);
    }

    /// Whether it is like new.
    boolean full(long now) {
      fill(now);
      return tokens >= most;
    }

    private void fill(long now) {
      tokens = Math.min(most, tokens + (now - filled) * perNano);
      filled = now;
    }
  }
}

package io.fanwise;

import java.io.Serializable;
import java.time.Duration;

/// How fast attempts may be started, over all workers of a run: a token bucket. Retries count too.
///
/// Immutable. The bucket is full when the run begins, so at most `burst` attempts start at once and
/// never more than `permits + burst` within any period.
///
/// ```java
/// Fan.virtualThreads(200).rate(Rate.perSecond(2_500)).map(urls, Web::fetch);
/// ```
///
/// @param permits how many attempts per period, at least 1
/// @param period the period, more than zero
/// @param burst how many may start at once after a quiet time, at least 1
public record Rate(long permits, Duration period, long burst) implements Serializable {

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
    return new Rate(permits, period, attempts);
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
    boolean grants(int attempts, long now) {
      fill(now);
      if (tokens < Math.min(attempts, most)) {
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
    long untilGranted(int attempts, long now) {
      fill(now);
      return (long) Math.ceil(Math.max(0, Math.min(attempts, most) - tokens) / perNano);
    }

    private void fill(long now) {
      tokens = Math.min(most, tokens + (now - filled) * perNano);
      filled = now;
    }
  }
}

package io.fanwise;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What attempts need before they may begin: a permit of each rate, one of the pace at which the
/// service lets itself be called, and a service that is not down. Pure arithmetic, no clock.
/// Confined to the caller's thread.
final class Permits {
  private final List<Rate.Bucket> buckets;
  private final @Nullable Breaker breaker;
  private @Nullable Pace pace;

  Permits(List<Rate> rates, @Nullable Breaker breaker, long now) {
    this.breaker = breaker;
    this.buckets = rates.stream().map(rate -> new Rate.Bucket(rate, now)).toList();
  }

  /// The pace, from now on one of the limits.
  ///
  /// @param begun how many attempts the run has begun so far
  /// @param nanos for how long it has been running
  Pace pace(long begun, long nanos, long now) {
    Pace known = pace;
    if (known == null) {
      known = new Pace(begun, nanos, now);
      pace = known;
    }
    return known;
  }

  /// The pace, if anything was pushed back yet.
  @Nullable Pace pace() {
    return pace;
  }

  /// How many permits are there.
  int available(long now) {
    int least = pace == null ? Integer.MAX_VALUE : pace.available(now);
    for (Rate.Bucket bucket : buckets) {
      least = Math.min(least, bucket.available(now));
    }
    return breaker == null ? least : Math.min(least, breaker.available(now));
  }

  /// Takes so many permits, if all of them are there.
  boolean grants(int attempts, long now) {
    for (int i = 0; i < buckets.size(); i++) {
      if (!buckets.get(i).grants(attempts, now)) {
        giveBack(attempts, i);
        return false;
      }
    }
    if (pace != null && !pace.grants(attempts, now)) {
      giveBack(attempts, buckets.size());
      return false;
    }
    if (breaker != null && !breaker.grants(now)) {
      giveBack(attempts, buckets.size());
      if (pace != null) {
        pace.giveBack(attempts);
      }
      return false;
    }
    return true;
  }

  /// Puts permits back that were not used.
  void giveBack(int attempts) {
    giveBack(attempts, buckets.size());
    if (pace != null) {
      pace.giveBack(attempts);
    }
    if (breaker != null && attempts > 0) {
      breaker.giveBack();
    }
  }

  private void giveBack(int attempts, int first) {
    for (Rate.Bucket bucket : buckets.subList(0, first)) {
      bucket.giveBack(attempts);
    }
  }

  /// Nanoseconds until so many are granted.
  long untilGranted(int attempts, long now) {
    long longest = pace == null ? 0 : pace.untilGranted(attempts, now);
    for (Rate.Bucket bucket : buckets) {
      longest = Math.max(longest, bucket.untilGranted(attempts, now));
    }
    return breaker == null ? longest : Math.max(longest, breaker.untilGranted(now));
  }
}

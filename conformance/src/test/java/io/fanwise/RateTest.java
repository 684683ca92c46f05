package io.fanwise;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.Fans.OnEveryBackend;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How fast attempts are begun.
class RateTest {

  @OnEveryBackend
  void notMoreThanTheBurstAndThePermitsAreBegun(Fan fan) throws InterruptedException {
    var begun = new Seen<Long>();
    Rate rate = new Rate(20, ofMillis(100), 5);
    long start = System.nanoTime();

    fan.rate(rate).forEach(Range.of(0, 65), i -> begun.add(System.nanoTime()));

    assertOnTime(start, begun.all(), 65, rate);
  }

  @OnEveryBackend
  void furtherAttemptsCountToo(Fan fan) throws InterruptedException {
    var begun = new Seen<Long>();
    Rate rate = new Rate(20, ofMillis(100), 1);
    Retry twice = Retry.times(1).backoff(Duration.ZERO, Duration.ZERO);
    long start = System.nanoTime();

    long failed =
        fan.rate(rate)
            .retry(twice)
            .outcomes(
                Range.of(0, 20),
                i -> {
                  begun.add(System.nanoTime());
                  throw new IOException("down");
                })
            .count();

    assertThat(failed).isEqualTo(20);
    assertOnTime(start, begun.all(), 40, rate);
  }

  @OnEveryBackend
  void batchesArePaidForInputByInput(Fan fan) throws InterruptedException {
    var begun = new Seen<Long>();
    Rate rate = new Rate(20, ofMillis(100), 4);
    long start = System.nanoTime();

    fan.batch(10).rate(rate).forEach(Range.of(0, 44), i -> begun.add(System.nanoTime()));

    assertOnTime(start, begun.all(), 44, rate);
  }

  /// The n-th attempt cannot begin before its permit has dropped into the bucket.
  private static void assertOnTime(long start, List<Long> times, int attempts, Rate rate) {
    List<Long> begun = times.stream().sorted().toList();
    assertThat(begun).hasSize(attempts);
    double nanosEach = (double) rate.period().toNanos() / rate.permits();
    for (int n = 0; n < begun.size(); n++) {
      long earliest = (long) ((n + 1 - rate.burst()) * nanosEach);
      assertThat(begun.get(n) - start).as("attempt %s", n).isGreaterThanOrEqualTo(earliest);
    }
  }

  @Test
  void aBurstIsATenthOfASecondUnlessItIsSaid() {
    assertThat(Rate.perSecond(2_500)).isEqualTo(new Rate(2_500, ofSeconds(1), 250));
    assertThat(Rate.perMinute(6)).isEqualTo(new Rate(6, ofSeconds(60), 1));
    assertThat(Rate.perSecond(50).burst(7)).isEqualTo(new Rate(50, ofSeconds(1), 7));
  }

  @Test
  void whatIsNotARateIsRefused() {
    assertThatThrownBy(() -> Rate.perSecond(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a rate must allow at least 1 attempt, was 0");
    assertThatThrownBy(() -> Rate.of(1, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Rate.perSecond(1).burst(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a burst must be at least 1, was 0");
  }
}

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

  @OnEveryBackend
  void whoseKeyIsUsedUpKeepsNoOtherWaiting(Fan fan) {
    Fan rarely = fan.unordered().rate(new Rate(1, ofMillis(200), 1).per((Integer i) -> i % 2));

    List<Integer> results = rarely.map(List.of(0, 2, 4, 1), i -> i);

    assertThat(results.subList(0, 2)).containsExactlyInAnyOrder(0, 1); // nobody keeps either
    assertThat(results.subList(2, 4)).containsExactly(2, 4);
  }

  @OnEveryBackend
  void anInputNeedsAsManyPermitsAsItWeighs(Fan fan) throws InterruptedException {
    var begun = new Seen<Long>();
    Rate rate = new Rate(20, ofMillis(100), 5).weighing((Integer i) -> 2);
    long start = System.nanoTime();

    fan.rate(rate).forEach(Range.of(0, 30), i -> begun.add(System.nanoTime()));

    assertOnTime(start, begun.all(), 30, new Rate(10, ofMillis(100), 3));
  }

  @OnEveryBackend
  void severalRatesHoldAtOnceAndFurtherAttemptsCount(Fan fan) throws InterruptedException {
    var begun = new Seen<Long>();
    Rate slow = new Rate(20, ofMillis(100), 1);
    Rate fast = Rate.perSecond(100_000);
    Rate perKey = Rate.perSecond(10_000).per((Integer i) -> i % 3);
    Retry once = Retry.times(1).backoff(Duration.ZERO, Duration.ZERO);
    long start = System.nanoTime();

    long failed =
        fan.rate(fast, slow, perKey)
            .retry(once)
            .outcomes(
                Range.of(0, 20),
                i -> {
                  begun.add(System.nanoTime());
                  throw new IOException("down");
                })
            .count();

    assertThat(failed).isEqualTo(20);
    assertOnTime(start, begun.all(), 40, slow);
  }

  @OnEveryBackend
  void orderIsKeptThoughKeysOvertake(Fan fan) {
    Fan keyed = fan.rate(new Rate(100, ofMillis(100), 1).per((Integer i) -> i % 3));

    List<Integer> results = keyed.map(Range.of(0, 60), i -> i);

    assertThat(results).containsExactlyElementsOf(Range.of(0, 60));
  }

  @OnEveryBackend
  void aKeyThatCannotBeToldEndsTheRun(Fan fan) {
    Fan keyed = fan.rate(Rate.perSecond(100).per((Integer i) -> 10 / (i - 1)));

    assertThatThrownBy(() -> keyed.map(List.of(0, 1), i -> i))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(
            () -> fan.rate(Rate.perSecond(9).weighing((Integer i) -> -i)).map(List.of(7), i -> i))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the rate's weight must not be negative, was -7 of 7");
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

package io.fanwise;

import static io.fanwise.SimulatedService.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/// When nothing is begun since a service is down.
class BreakerTest {

  @Example
  void itProbesAfterOneTwoFourSecondsAndOnceAMinuteInTheEnd() {
    Breaker breaker = down(0);

    List<Long> waits = new ArrayList<>();
    long now = 0;
    for (int i = 0; i < 9; i++) {
      assertThat(breaker.available(now)).isZero();
      waits.add(breaker.untilGranted(now) / SECOND);
      now += breaker.untilGranted(now);
      assertThat(breaker.grants(now)).isTrue();
      assertThat(breaker.grants(now)).as("one probe at a time").isFalse();
      assertThat(breaker.back(1, 1, now, now)).isTrue();
    }

    assertThat(waits).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L);
  }

  @Example
  void aProbeThatSucceedsEndsIt() {
    Breaker breaker = down(0);
    breaker.grants(SECOND);

    breaker.back(1, 0, SECOND, 2 * SECOND);

    assertThat(breaker.available(2 * SECOND)).isEqualTo(Integer.MAX_VALUE);
    breaker.back(1, 1, 2 * SECOND, 2 * SECOND);
    assertThat(breaker.grants(2 * SECOND)).as("what was before is forgotten").isTrue();
  }

  @Example
  void aProbeThatWasNotBegunIsStillDue() {
    Breaker breaker = down(0);
    breaker.grants(SECOND);

    breaker.giveBack();

    assertThat(breaker.available(SECOND)).isEqualTo(1);
    breaker.grants(SECOND);
    breaker.back(0, 0, SECOND, SECOND);
    assertThat(breaker.available(SECOND)).as("one whose worker was lost").isEqualTo(1);
  }

  @Property(tries = 200)
  void halfMayFailAndFewMayAll(
      @ForAll @IntRange(max = 200) int failed, @ForAll @LongRange long start) {
    Breaker half = new Breaker(start);
    Breaker few = new Breaker(start);

    for (int i = 0; i < failed; i++) {
      half.back(2, 1, start, start + i * SECOND / 20);
    }
    few.back(19, 19, start, start);

    assertThat(half.grants(start + 10 * SECOND)).isTrue();
    assertThat(few.grants(start)).isTrue();
  }

  @Example
  void whatIsLongAgoDoesNotCount() {
    Breaker breaker = new Breaker(0);
    breaker.back(30, 15, 0, 0);
    breaker.back(19, 19, 0, 11 * SECOND);

    assertThat(breaker.grants(11 * SECOND)).isTrue();
  }

  private static Breaker down(long now) {
    Breaker breaker = new Breaker(now);
    breaker.back(20, 11, now, now);
    return breaker;
  }
}

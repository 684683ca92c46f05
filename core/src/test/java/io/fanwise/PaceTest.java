package io.fanwise;

import static io.fanwise.SimulatedService.call;
import static io.fanwise.SimulatedService.climbing;
import static io.fanwise.SimulatedService.crowded;
import static io.fanwise.SimulatedService.heeding;
import static io.fanwise.SimulatedService.moody;
import static io.fanwise.SimulatedService.paced;
import static io.fanwise.SimulatedService.quota;
import static io.fanwise.SimulatedService.slow;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanwise.SimulatedService.Caller;
import io.fanwise.SimulatedService.Manner;
import io.fanwise.SimulatedService.Seen;
import java.util.Random;
import java.util.function.Supplier;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/// How fast services are called that push back, in a time of their own. The bars are those of
/// adr/0015.
class PaceTest {
  private static final int MOST = 2_000;
  private static final int TIMES = 6;

  @Example
  void aServiceThatPushesEverythingBackIsAskedNowAndThen() {
    Seen seen = call(moody(slow(10, 20), 1), climbing(1, MOST), 10, 30, new Random(1));

    assertThat(seen.attempts()).isBetween(10L, 1_000L);
  }

  @Example
  void aQuotaIsUsedUpAndHardlyExceeded() {
    assertUsedUp(3_000, () -> quota(100, 101, 3_000), () -> climbing(1, MOST));
    assertUsedUp(3_000, () -> quota(20, 520, 3_000), () -> climbing(1, MOST));
    assertUsedUp(3_000, () -> quota(100, 101, 3_000), () -> heeding(400));
  }

  @Example
  void soIsAPaceThatTheServiceKeeps() {
    assertUsedUp(3_000, () -> paced(100, 101, 3_000, 100), () -> climbing(1, MOST));
    assertUsedUp(3_000, () -> paced(20, 520, 3_000, 10), () -> climbing(1, MOST));
    assertUsedUp(50, () -> paced(100, 101, 50, 5), () -> climbing(1, MOST));
    assertUsedUp(3_000, () -> paced(100, 101, 3_000, 100), () -> heeding(400));
  }

  @Example
  void soAreThePlacesThatAServiceHas() {
    assertUsedUp(100 / 0.1005, () -> crowded(100, 101, 100), () -> climbing(1, MOST));
    assertUsedUp(100 / 0.1005, () -> crowded(100, 101, 100), () -> heeding(400));
  }

  @Example
  void aQuotaThatChangesIsFollowed() {
    Seen more =
        call(
            quota(100, 101, 1_000).then(5, quota(100, 101, 3_000)),
            climbing(1, MOST),
            18,
            28,
            new Random(1));
    Seen less =
        call(
            quota(100, 101, 3_000).then(5, quota(100, 101, 1_000)),
            climbing(1, MOST),
            18,
            28,
            new Random(1));

    assertThat(more.perSecond()).isBetween(0.95 * 3_000, 3_001.0);
    assertThat(less.perSecond()).isBetween(0.95 * 1_000, 1_001.0);
  }

  @Property(tries = 100)
  void noMoreIsGrantedThanThePaceAndAMomentsSavings(
      @ForAll @IntRange(min = 1, max = 10_000) int perSecond, @ForAll long seed) {
    Random random = new Random(seed);
    long now = random.nextLong();
    Pace pace = new Pace(perSecond, SimulatedService.SECOND, now);
    for (int i = 0; i < 20; i++) {
      pace.pushedBack(1, now, now);
    }
    double known = pace.perSecond();

    long granted = 0;
    long nanos = SimulatedService.SECOND / 4;
    for (long t = 0; t < nanos; t += 1 + random.nextLong(1_000_000)) {
      granted += pace.grants(1, now + t) ? 1 : 0;
    }

    assertThat(known).isBetween(0.0, (double) perSecond);
    assertThat((double) granted).isLessThanOrEqualTo(1 + known * 0.27);
  }

  @Property(tries = 100)
  void whoWaitsAsLongAsToldIsGranted(
      @ForAll @IntRange(min = 1, max = 10_000) int perSecond,
      @ForAll @IntRange(min = 1, max = 100) int wanted,
      @ForAll long start) {
    Pace pace = new Pace(perSecond, SimulatedService.SECOND, start);
    for (int i = 0; i < 20; i++) {
      pace.pushedBack(1, start, start);
    }

    long now = start;
    int waits = 0;
    while (!pace.grants(wanted, now)) {
      now += Math.max(1, pace.untilGranted(wanted, now));
      waits++;
    }

    assertThat(waits).isLessThanOrEqualTo(3);
  }

  /// From the tenth second on 95 % of what the service lets in is done, and 1 % of the calls are
  /// pushed back.
  private static void assertUsedUp(
      double perSecond, Supplier<Manner> service, Supplier<Caller> caller) {
    double done = 0;
    double pushedBack = 0;
    for (int seed = 1; seed <= TIMES; seed++) {
      Seen seen = call(service.get(), caller.get(), 10, 30, new Random(seed));
      done += seen.perSecond() / TIMES;
      pushedBack += seen.pushedBack() / TIMES;
    }
    assertThat(done).isGreaterThan(0.95 * perSecond);
    assertThat(pushedBack).isLessThan(0.011);
  }
}

package io.fanwise;

import static io.fanwise.SimulatedService.SECOND;
import static io.fanwise.SimulatedService.broken;
import static io.fanwise.SimulatedService.call;
import static io.fanwise.SimulatedService.climbing;
import static io.fanwise.SimulatedService.fixed;
import static io.fanwise.SimulatedService.flaky;
import static io.fanwise.SimulatedService.queueing;
import static io.fanwise.SimulatedService.saturating;
import static io.fanwise.SimulatedService.slow;
import static io.fanwise.SimulatedService.thrashing;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanwise.SimulatedService.Manner;
import io.fanwise.SimulatedService.Seen;
import java.util.Random;
import java.util.function.Supplier;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/// How many calls it has in flight, with services of all manners, in a time of their own. The bars
/// are those of adr/0015.
class ClimbTest {
  private static final int MOST = 2_000;

  /// So many times the same service, each time with other luck.
  private static final int TIMES = 12;

  @Example
  void aServiceThatFailsAlwaysIsNotPushedAnyHarder() {
    Seen seen = call(broken(), climbing(1, MOST), 0, 20, new Random(1));

    assertThat(seen.limit()).isEqualTo(Climb.START);
  }

  @Example
  void aServiceThatComesBackIsFoundToBeBack() {
    assertAsGoodAsFixed(100, () -> broken().then(4, saturating(100, 101, 100)));
  }

  @Example
  void failuresAreNoGain() {
    assertAsGoodAsFixed(400, () -> flaky(saturating(100, 101, 400), 0.1));
  }

  @Example
  void moreCallsThanAServiceHasPlacesForAreNoGain() {
    assertAsGoodAsFixed(400, () -> saturating(100, 101, 400));
    assertAsGoodAsFixed(10, () -> saturating(100, 101, 10));
    assertAsGoodAsFixed(4, () -> saturating(0.1, 0.2, 4));
  }

  @Example
  void neitherAreCallsThatWaitInItsQueue() {
    assertAsGoodAsFixed(40, () -> queueing(50, 150, 40));
    assertAsGoodAsFixed(200, () -> queueing(20, 520, 200));
  }

  @Example
  void aServiceThatGetsLessDoneTheMoreItIsAskedDoesNotBreakDown() {
    assertAsGoodAsFixed(100, () -> thrashing(100, 100));
  }

  @Example
  void answersThatTakeNowShortNowLongAreNoReasonToHoldBack() {
    assertAsGoodAsFixed(400, () -> saturating(20, 520, 400));
    assertAsGoodAsFixed(MOST, () -> slow(20, 520));
  }

  @Example
  void aServiceThatIsSimplySlowGetsAllCallsThereMayBe() {
    assertAsGoodAsFixed(MOST, () -> slow(99, 101));
    assertAsGoodAsFixed(MOST, () -> slow(400, 600));
  }

  @Example
  void aServiceThatChangesIsFollowed() {
    assertAsGoodAsFixed(200, () -> saturating(100, 101, 400).then(4, saturating(100, 101, 200)));
    assertAsGoodAsFixed(400, () -> saturating(100, 101, 200).then(4, saturating(100, 101, 400)));
    assertAsGoodAsFixed(400, () -> saturating(100, 101, 100).then(4, saturating(100, 101, 400)));
    assertAsGoodAsFixed(400, () -> saturating(100, 101, 400).then(4, saturating(200, 202, 400)));
    assertAsGoodAsFixed(MOST, () -> slow(100, 101).then(4, slow(200, 202)));
  }

  @Example
  void itIsThereInASecondOrTwoWhereAnswersTakeAlwaysTheSame() {
    Seen seen = call(saturating(100, 101, 400), climbing(1, MOST), 1, 3, new Random(1));

    assertThat(seen.perSecond()).isGreaterThan(0.95 * 4_000);
  }

  @Property(tries = 40)
  void theLimitStaysWithinItsBoundsAndNeverCollapses(
      @ForAll @IntRange(min = 1, max = 600) int places,
      @ForAll @IntRange(min = 1, max = 300) int millis,
      @ForAll @IntRange(min = 1, max = 3) int spread,
      @ForAll @IntRange(min = 1, max = 40) int least,
      @ForAll @IntRange(max = 1_000) int more,
      @ForAll long seed) {
    int most = least + more;
    double shortest = 2.0 * millis / (1 + spread);
    Manner service = saturating(shortest, shortest * spread + 0.1, places);
    int best = Math.clamp(places, least, most);

    Seen seen = call(service, climbing(least, most), 20, 40, new Random(seed));

    Seen ideal = call(service, fixed(best), 20, 40, new Random(seed));
    assertThat(seen.leastLimit()).isGreaterThanOrEqualTo(least);
    assertThat(seen.mostLimit()).isLessThanOrEqualTo(most);
    assertThat(seen.perSecond()).isGreaterThan(0.6 * ideal.perSecond());
  }

  @Property(tries = 100)
  void whatIsNotUsedIsNotLearntFrom(
      @ForAll @IntRange(min = 1, max = 10) int inFlight,
      @ForAll @LongRange(min = 1_000, max = SECOND) long nanos) {
    Climb climb = new Climb(1, MOST, 0);

    long now = 0;
    for (int i = 0; i < 1_000; i++) {
      for (int k = 0; k < inFlight; k++) {
        climb.began(now);
      }
      for (int k = 0; k < inFlight; k++) {
        climb.ended(now, now + nanos, 1, now + nanos);
      }
      now += nanos;
    }

    assertThat(climb.limit()).isEqualTo(Climb.START);
  }

  @Property(tries = 100)
  void aConsumerThatTakesItsTimeIsNoSlowService(@ForAll @IntRange(min = 2, max = 50) int times) {
    Climb climb = new Climb(1, MOST, 0);
    long nanos = SECOND / 100;

    long now = 0;
    for (int i = 0; i < 200; i++) {
      int inFlight = climb.limit();
      for (int k = 0; k < inFlight; k++) {
        climb.began(now);
      }
      for (int k = 0; k < inFlight; k++) {
        climb.ended(now, now + nanos, 1, now + times * nanos);
      }
      now += times * nanos;
    }

    assertThat(climb.limit()).isEqualTo(Climb.START);
  }

  /// From the tenth second on it makes 95 % of what the best fixed number of calls makes, and the
  /// slowest of a hundred answers take at most half as long again: in the mean, and nearly so at
  /// worst.
  private static void assertAsGoodAsFixed(int best, Supplier<Manner> service) {
    Seen ideal = call(service.get(), fixed(best), 10, 20, new Random(0));
    double sum = 0;
    double p99 = 0;
    for (int seed = 1; seed <= TIMES; seed++) {
      Seen seen = call(service.get(), climbing(1, MOST), 10, 20, new Random(seed));
      sum += seen.perSecond();
      p99 += seen.p99Millis();
      assertThat(seen.perSecond()).as("seed %d", seed).isGreaterThan(0.9 * ideal.perSecond());
    }
    assertThat(sum / TIMES).isGreaterThan(0.95 * ideal.perSecond());
    assertThat(p99 / TIMES).isLessThan(1.5 * ideal.p99Millis());
  }
}

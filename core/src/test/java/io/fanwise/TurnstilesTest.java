package io.fanwise;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanwise.work.Inputs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/// Who gets through when, with rates that tell inputs apart.
class TurnstilesTest {
  private static final long MILLI = 1_000_000;

  /// What happens to `inputs` that all come at once: when each of them got through.
  private static Map<Integer, Long> throughAt(List<Rate> rates, int inputs, long start) {
    Turnstiles stiles = new Turnstiles(rates, Optional::of);
    Map<Integer, Long> through = new HashMap<>();
    long now = start;
    for (int i = 0; i < inputs; i++) {
      if (stiles.passes(entry(i), now)) {
        through.put(i, now - start);
      }
    }
    while (!stiles.isEmpty()) {
      now += stiles.untilNext(now);
      Agenda.Entry next = stiles.next(now);
      if (next != null) {
        through.put((Integer) next.inputs().get(0), now - start);
      }
    }
    return through;
  }

  private static Agenda.Entry entry(Object input) {
    return new Agenda.Entry(new Slot(0, 1, 0), 0, Inputs.of(input), 1, 0);
  }

  @Property(tries = 200)
  void noKeyGetsMoreThanItsRateAndNobodyIsLost(
      @ForAll @IntRange(min = 1, max = 20) int keys,
      @ForAll @IntRange(min = 1, max = 300) int inputs,
      @ForAll @LongRange(min = 1, max = 50) long permits,
      @ForAll @LongRange(min = 1, max = 10) long burst,
      @ForAll @LongRange(min = 20, max = 200) long inAll,
      @ForAll long start) {
    Rate perKey = new Rate(permits, Duration.ofMillis(100), burst).per((Integer i) -> i % keys);
    Rate all = new Rate(inAll, Duration.ofMillis(100), burst);

    Map<Integer, Long> through = throughAt(List.of(perKey, all), inputs, start / 2);

    assertThat(through).hasSize(inputs);
    for (int key = 0; key < keys; key++) {
      int of = key;
      assertHeld(through.entrySet().stream().filter(e -> e.getKey() % keys == of).toList(), perKey);
    }
    assertHeld(List.copyOf(through.entrySet()), all);
  }

  private static void assertHeld(List<Map.Entry<Integer, Long>> entries, Rate rate) {
    List<Long> times = entries.stream().map(Map.Entry::getValue).sorted().toList();
    long period = rate.period().toNanos();
    for (int from = 0, to = 0; from < times.size(); from++) {
      while (to < times.size() && times.get(to) - times.get(from) < period) {
        to++;
      }
      assertThat((long) to - from).isLessThanOrEqualTo(rate.permits() + rate.burst() + 1);
    }
  }

  @Property(tries = 100)
  void whoseKeyIsUsedUpKeepsNoOtherFromGoingOn(@ForAll @IntRange(min = 2, max = 1_000) int others) {
    Rate rare = new Rate(1, Duration.ofHours(1), 1).per((Integer i) -> Math.max(0, i - 10));
    Turnstiles stiles = new Turnstiles(List.of(rare), Optional::of);

    List<Integer> passed = new ArrayList<>();
    for (int i = 0; i < others + 10; i++) {
      if (stiles.passes(entry(i), 0)) {
        passed.add(i);
      }
    }

    assertThat(passed).hasSize(others).contains(0, 11).doesNotContain(1, 10);
    assertThat(stiles.full()).isFalse();
  }

  @Property(tries = 100)
  void inOneLineItIsFirstComeFirstServed(
      @ForAll @Size(min = 2, max = 30) List<@LongRange(max = 500) Long> weights) {
    Rate heavy = new Rate(100, Duration.ofMillis(100), 100).weighing((Integer i) -> weights.get(i));

    Map<Integer, Long> through = throughAt(List.of(heavy), weights.size(), 0);

    for (int i = 1; i < weights.size(); i++) {
      assertThat(through.get(i)).isGreaterThanOrEqualTo(through.get(i - 1));
    }
    long all = weights.stream().mapToLong(Long::longValue).sum() - weights.getLast();
    assertThat(through.get(weights.size() - 1))
        .isGreaterThanOrEqualTo((all - 100 - weights.getLast()) * MILLI);
  }

  @Example
  void whereAllWaitForTheSameNothingMoreIsReadInVain() {
    Turnstiles stiles = new Turnstiles(List.of(new Rate(1, Duration.ofHours(1), 1)), Optional::of);

    assertThat(stiles.passes(entry(1), 0)).isTrue();
    assertThat(stiles.full()).isFalse();
    assertThat(stiles.passes(entry(2), 0)).isFalse();
    assertThat(stiles.full()).isTrue();
  }

  @Example
  void keysThatAreNotSeenAgainAreForgotten() {
    Rate rate = new Rate(1_000, Duration.ofSeconds(1), 1).per((Integer i) -> i);
    Turnstiles stiles = new Turnstiles(List.of(rate), Optional::of);

    for (int i = 0; i < 1_000_000; i++) {
      assertThat(stiles.passes(entry(i), i * MILLI)).isTrue();
    }

    assertThat(stiles.buckets()).isLessThanOrEqualTo(1_000);
  }

  @Example
  void inputsOfWhichNothingIsKnownWaitForNobody() {
    Rate rare = new Rate(1, Duration.ofHours(1), 1).per((String text) -> text);
    Turnstiles stiles =
        new Turnstiles(
            List.of(rare),
            input -> input instanceof String text ? Optional.of(text) : Optional.empty());

    assertThat(stiles.passes(entry("a"), 0)).isTrue();
    assertThat(stiles.passes(entry("a"), 0)).isFalse();
    assertThat(stiles.passes(entry(17), 0)).isTrue();
    assertThat(stiles.passes(entry(17), 0)).isTrue();
  }
}

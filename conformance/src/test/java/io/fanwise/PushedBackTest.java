package io.fanwise;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fanwise.Fans.OnEveryBackend;
import io.fanwise.shared.Shared;
import io.fanwise.shared.SharedMap;
import io.fanwise.work.Outcome;
import io.fanwise.work.PushedBack;
import io.fanwise.work.Task;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What happens to inputs that a service does not let in.
class PushedBackTest {

  @OnEveryBackend
  void whoIsNeverLetInFailsWhenThePatienceIsOver(Fan fan) {
    Fan impatient = fan.retry(Retry.times(5).patience(ofMillis(50)));

    assertThatThrownBy(() ->
            impatient.map(
                Range.of(0, 5),
                i -> {
                  throw new PushedBack("429 Too Many Requests", ofMillis(10));
                }))
        .isInstanceOf(TaskFailed.class)
        .hasRootCauseInstanceOf(PushedBack.class)
        .hasRootCauseMessage("429 Too Many Requests");
  }

  @OnEveryBackend
  void whoseTimeIsBeyondThePatienceFailsAtOnce(Fan fan) {
    try (Stream<Outcome<Integer, Integer>> outcomes =
        fan.outcomes(
            Range.of(0, 3),
            i -> {
              throw new PushedBack("come back tomorrow", ofDays(1));
            })) {
      assertThat(outcomes.toList())
          .hasSize(3)
          .allSatisfy(outcome -> {
            assertThat(outcome).isInstanceOf(Outcome.Failed.class);
            assertThat(((Outcome.Failed<?, ?>) outcome).error())
                .isInstanceOfSatisfying(
                    PushedBack.class, error -> assertThat(error.after()).hasValue(ofDays(1)));
          });
    }
  }

  @OnEveryBackend
  void whatIsPushedBackIsTriedAgainWithoutAnyRetriesAndCountsAsNoAttempt(Fan fan) {
    SharedMap<Integer, Integer> calls = Shared.map();
    Task<Integer, Integer> task = pushedBackOnce(calls);

    List<Outcome<Integer, Integer>> outcomes = fan.outcomes(Range.of(0, 40), task).toList();

    assertThat(outcomes).extracting(Outcome::input).containsExactlyElementsOf(Range.of(0, 40));
    assertThat(outcomes)
        .allSatisfy(outcome -> {
          assertThat(outcome).isInstanceOf(Outcome.Done.class);
          assertThat(outcome.attempts()).isEqualTo(1);
        });
  }

  @OnEveryBackend
  void inABatchTheOthersAreNotTriedAgain(Fan fan) {
    SharedMap<Integer, Integer> calls = Shared.map();

    List<Integer> results = fan.batch(10).map(Range.of(0, 40), pushedBackOnce(calls));

    assertThat(results).isEqualTo(IntStream.range(0, 40).boxed().toList());
    for (int i = 0; i < 40; i++) {
      assertThat(calls.get(i)).isEqualTo(i % 4 == 0 ? 2 : 1);
    }
  }

  @OnEveryBackend
  void anAdaptiveRunHeedsItToo(Fan fan) {
    SharedMap<Integer, Integer> calls = Shared.map();

    List<Integer> results = fan.adaptive().map(Range.of(0, 40), pushedBackOnce(calls));

    assertThat(results).isEqualTo(IntStream.range(0, 40).boxed().toList());
  }

  @Test
  void aSequentialRunCanBeClosedWhileItWaits() {
    List<String> seen = new CopyOnWriteArrayList<>();
    Running<Integer> running =
        Fan.sequential()
            .start(
                List.of(1),
                i -> {
                  seen.add("called");
                  throw new PushedBack("later", ofMinutes(1));
                });
    await().until(() -> !seen.isEmpty());

    running.cancel();

    assertThat(running.isDone()).isTrue();
    assertThat(seen).hasSize(1);
  }

  @Test
  void progressTellsHowOften() {
    List<Progress> snapshots = new CopyOnWriteArrayList<>();
    SharedMap<Integer, Integer> calls = Shared.map();

    Fan.threads(2).progress(snapshots::add).map(Range.of(0, 40), pushedBackOnce(calls));

    assertThat(snapshots.getLast().pushedBack()).isEqualTo(10);
    assertThat(snapshots.getLast().retried()).isZero();
  }

  @Test
  void theTimeToWaitIsNotNegative() {
    assertThatThrownBy(() -> new PushedBack("now", ofHours(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the time to wait must not be negative, was PT-1H");
    assertThat(new PushedBack("now", ZERO).after()).hasValue(ZERO);
    assertThat(new PushedBack("now").after()).isEmpty();
  }

  private static Task<Integer, Integer> pushedBackOnce(SharedMap<Integer, Integer> calls) {
    return i -> {
      if (calls.merge(i, 1, Integer::sum) == 1 && i % 4 == 0) {
        throw new PushedBack("429 Too Many Requests", ofMillis(1));
      }
      return i;
    };
  }
}

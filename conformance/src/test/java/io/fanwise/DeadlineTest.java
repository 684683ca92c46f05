package io.fanwise;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.Fans.OnEveryBackend;
import io.fanwise.Fans.OnWorkers;
import io.fanwise.work.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The time that a whole run has.
class DeadlineTest {

  @OnWorkers
  void whatStillRunsAtItsEndIsStopped(Fan fan) {
    Observed<Integer, Integer> task = new Observed<>(_ -> Observed.untilInterrupted());

    assertThatThrownBy(() -> fan.deadline(ofMillis(300)).map(Range.of(0, 100), task))
        .isInstanceOf(RunTimedOut.class)
        .hasMessageStartingWith("the run did not end within 0.3s: 0 inputs were done, ");

    assertThat(task.running()).isZero();
  }

  @OnEveryBackend
  void inputsThatWaitForTheirNextAttemptDoNotOutliveIt(Fan fan) {
    Fan patient = fan.deadline(ofMillis(300)).retry(Retry.times(9).backoff(ofHours(1), ofHours(1)));

    assertThatThrownBy(() ->
            patient.forEach(
                Range.of(0, 3),
                i -> {
                  throw new IOException("down");
                }))
        .isInstanceOf(RunTimedOut.class);
  }

  @OnEveryBackend
  void aRunThatEndsInTimeDoesNotNotice(Fan fan) {
    List<Integer> results = fan.deadline(ofHours(1)).map(Range.of(0, 100), i -> i);

    assertThat(results).isEqualTo(IntStream.range(0, 100).boxed().toList());
  }

  @OnEveryBackend
  void outcomesHandOnWhatWasFinishedAndThenThrow(Fan fan) {
    List<Integer> seen = new ArrayList<>();

    try (Stream<Outcome<Integer, Integer>> outcomes =
        fan.deadline(ofMillis(500)).unordered().outcomes(endless(), i -> i)) {
      assertThatThrownBy(() -> outcomes.forEach(outcome -> seen.add(outcome.input())))
          .isInstanceOf(RunTimedOut.class);
    }

    assertThat(seen).isNotEmpty().doesNotHaveDuplicates();
  }

  @Test
  void itIsPositive() {
    assertThatThrownBy(() -> Fan.threads().deadline(ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("deadline must be positive, was PT0S");
  }

  private static Iterator<Integer> endless() {
    return IntStream.iterate(0, i -> i + 1).iterator();
  }
}

package io.fanwise;

import static java.time.Duration.ZERO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.Fans.OnEveryBackend;
import io.fanwise.Fans.OnWorkers;
import io.fanwise.work.Outcome;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A number of calls in flight that adapts to what pays.
class AdaptiveTest {

  @OnEveryBackend
  void theFirstFailureEndsTheRunAsEver(Fan fan) {
    assertThatThrownBy(() ->
            fan.adaptive()
                .map(
                    Range.of(0, 100),
                    i -> {
                      if (i == 13) {
                        throw new IOException("down");
                      }
                      return i;
                    }))
        .isInstanceOf(TaskFailed.class)
        .hasRootCauseMessage("down");
  }

  @OnEveryBackend
  void failuresAndFurtherAttemptsAreCountedAsEver(Fan fan) {
    Fan twice = fan.adaptive().retry(Retry.times(1).backoff(ZERO, ZERO));

    try (Stream<Outcome<Integer, Integer>> outcomes =
        twice.outcomes(
            Range.of(0, 60),
            i -> {
              if (i % 3 == 0) {
                throw new IOException("down");
              }
              return i;
            })) {
      List<Outcome<Integer, Integer>> all = outcomes.toList();

      assertThat(all).extracting(Outcome::input).containsExactlyElementsOf(Range.of(0, 60));
      assertThat(all).allMatch(outcome -> outcome.attempts() == (outcome.input() % 3 == 0 ? 2 : 1));
    }
  }

  @OnEveryBackend
  void allResultsComeAndInOrder(Fan fan) {
    List<Integer> results = fan.adaptive().map(Range.of(0, 10_000), i -> 10 * i);

    assertThat(results).isEqualTo(IntStream.range(0, 10_000).mapToObj(i -> 10 * i).toList());
  }

  @OnWorkers
  void thereAreNeverMoreAtWorkThanTheFanHasJobs(Fan fan) {
    List<Integer> limits = new CopyOnWriteArrayList<>();
    Observed<Integer, Integer> task =
        new Observed<>(i -> {
          Thread.sleep(1);
          return i;
        });

    fan.adaptive().progress(now -> limits.add(now.limit())).map(Range.of(0, 300), task);

    assertThat(task.most()).isLessThanOrEqualTo(Fans.MOST_JOBS);
    assertThat(limits).isNotEmpty().allMatch(limit -> limit >= 1 && limit <= Fans.MOST_JOBS);
  }

  @Test
  void whereMoreCallsGetMoreDoneThereAreMoreOfThem() {
    List<Integer> limits = new CopyOnWriteArrayList<>();

    Fan.virtualThreads()
        .progress(now -> limits.add(now.limit()))
        .forEach(Range.of(0, 10_000), _ -> Thread.sleep(20));

    assertThat(limits).anyMatch(limit -> limit > 4 * limits.getFirst() || limit > 80);
  }

  @Test
  void thereAreNotFewerThanAskedFor() {
    List<Integer> limits = new CopyOnWriteArrayList<>();

    Fan.virtualThreads(100)
        .adaptive(50)
        .progress(now -> limits.add(now.limit()))
        .forEach(Range.of(0, 1_000), _ -> Thread.sleep(1));

    assertThat(limits).isNotEmpty().allMatch(limit -> limit >= 50 && limit <= 100);
  }

  @Test
  void aLowerBoundIsAtLeastOne() {
    assertThatThrownBy(() -> Fan.threads().adaptive(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("lower bound of calls in flight must be at least 1, was 0");
  }
}

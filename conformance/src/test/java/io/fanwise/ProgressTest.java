package io.fanwise;

import static java.time.Duration.ZERO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.Fans.OnEveryBackend;
import io.fanwise.Fans.OnWorkers;
import io.fanwise.shared.Shared;
import io.fanwise.shared.SharedMap;
import io.fanwise.work.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What somebody who watches a run gets to see.
class ProgressTest {

  @OnEveryBackend
  void theLastSnapshotHasTheWholeStory(Fan fan) {
    List<Progress> snapshots = new ArrayList<>();
    SharedMap<Integer, Boolean> failedOnce = Shared.map();
    Fan watched =
        fan.retry(Retry.times(1).backoff(ZERO, ZERO).on(IOException.class))
            .progress(snapshots::add);

    List<Outcome<Integer, Integer>> outcomes =
        watched
            .outcomes(
                Range.of(0, 500),
                i -> {
                  if (i % 100 == 7) {
                    throw new IllegalStateException("bad input");
                  }
                  if (i % 50 == 3 && failedOnce.put(i, true) == null) {
                    throw new IOException("once");
                  }
                  return i;
                })
            .toList();

    assertThat(outcomes).hasSize(500);
    assertThat(snapshots.subList(0, snapshots.size() - 1)).noneMatch(Progress::finished);
    Progress last = snapshots.getLast();
    assertThat(last.finished()).isTrue();
    assertThat(last.done()).isEqualTo(495);
    assertThat(last.failed()).isEqualTo(5);
    assertThat(last.retried()).isEqualTo(10);
    assertThat(last.waiting()).isZero();
    assertThat(last.total()).isEqualTo(OptionalLong.of(500));
    assertThat(last.running()).isEmpty();
    assertThat(last.elapsed()).isPositive();
    assertThat(last.rate()).isPositive();
    assertThat(last.eta()).contains(Duration.ZERO);
  }

  @OnEveryBackend
  void aRunThatFailsHasALastSnapshotToo(Fan fan) {
    List<Progress> snapshots = new ArrayList<>();

    assertThatThrownBy(() -> fan.progress(snapshots::add).map(Range.of(-5, 5), i -> 1 / i))
        .isInstanceOf(TaskFailed.class);

    Progress last = snapshots.getLast();
    assertThat(last.finished()).isTrue();
    assertThat(last.failed()).isEqualTo(1);
    assertThat(last.running()).isEmpty();
  }

  @OnEveryBackend
  void aRunThatIsClosedHasALastSnapshotToo(Fan fan) {
    List<Progress> snapshots = new ArrayList<>();

    try (Stream<Integer> results =
        fan.progress(snapshots::add).stream(Range.of(0, 1_000), i -> i)) {
      assertThat(results.limit(2)).hasSize(2);
    }

    assertThat(snapshots.getLast().finished()).isTrue();
  }

  @OnEveryBackend
  void theTotalIsUnknownWhereTheInputsDoNotKnowIt(Fan fan) {
    List<Progress> snapshots = new ArrayList<>();

    fan.progress(snapshots::add).map(List.of(1, 2, 3).iterator(), i -> i);

    assertThat(snapshots.getLast().total()).isEmpty();
    assertThat(snapshots.getLast().eta()).isEmpty();
    assertThat(snapshots.getLast().done()).isEqualTo(3);
  }

  @OnWorkers
  void whileItRunsItShowsWhatTheWorkersAreAt(Fan fan) {
    var seen = Shared.latch(1);
    List<Progress.Busy> busy = new ArrayList<>();
    Set<Thread> tellers = ConcurrentHashMap.newKeySet();
    Fan watched =
        fan.progress(now -> {
          tellers.add(Thread.currentThread());
          if (!now.running().isEmpty()) {
            busy.addAll(now.running());
            seen.countDown();
          }
        });

    watched.map(
        List.of("slow"),
        input -> {
          seen.await();
          return input;
        });

    assertThat(busy.getFirst().input()).isEqualTo("slow");
    assertThat(busy.getFirst().index()).isZero();
    assertThat(busy.getFirst().worker()).isNotEmpty();
    assertThat(busy.getFirst().since()).isPositive();
    assertThat(tellers).containsExactly(Thread.currentThread());
  }

  @OnWorkers
  void itShowsWhatWaitsForAnotherAttempt(Fan fan) {
    List<Progress> snapshots = new ArrayList<>();
    SharedMap<Integer, Boolean> failedOnce = Shared.map();
    var seen = Shared.latch(1);
    Fan watched =
        fan.batch(1)
            .retry(Retry.times(1).backoff(Duration.ofHours(1), Duration.ofHours(1)))
            .progress(now -> {
              snapshots.add(now);
              if (now.waiting() == 1) {
                seen.countDown();
                Thread.currentThread().interrupt();
              }
            });

    assertThatThrownBy(() ->
            watched.map(
                List.of(0, 1),
                i -> {
                  if (i == 0 && failedOnce.put(i, true) == null) {
                    throw new IOException("once");
                  }
                  seen.await();
                  return i;
                }))
        .isInstanceOf(CancellationException.class);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(snapshots).anyMatch(now -> now.waiting() == 1 && now.retried() == 1);
  }

  @OnEveryBackend
  void aListenerThatThrowsIsSurvived(Fan fan) {
    Fan watched =
        fan.progress(now -> {
          throw new IllegalStateException("cannot draw");
        });

    assertThat(watched.map(Range.of(0, 100), i -> i)).hasSize(100);
  }

  @OnEveryBackend
  void aSecondListenerReplacesTheFirst(Fan fan) {
    List<Progress> first = new ArrayList<>();
    List<Progress> second = new ArrayList<>();

    fan.progress(first::add).progress(second::add).map(List.of(1), i -> i);

    assertThat(first).isEmpty();
    assertThat(second).isNotEmpty();
  }

  @Test
  void itTellsWhenTasksAreTooSmallToShareOut() {
    assertThat(withTaskNanos(3).tooSmall()).isTrue();
    assertThat(withTaskNanos(3_000).tooSmall()).isFalse();
    assertThat(withTaskNanos(0).tooSmall()).as("not known yet").isFalse();
  }

  private static Progress withTaskNanos(double nanos) {
    return new Progress(0, 0, 0, 0, 0, OptionalLong.empty(), ZERO, 0, List.of(), nanos, 1, false);
  }
}

package io.fanwise;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fanwise.Fans.OnEveryBackend;
import io.fanwise.Fans.OnWorkers;
import io.fanwise.shared.Shared;
import io.fanwise.shared.SharedCounter;
import io.fanwise.shared.SharedMap;
import io.fanwise.work.Outcome;
import io.fanwise.work.Task;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What is tried again, how often, and when.
class RetryTest {
  private static final Retry THREE_TIMES = Retry.times(3).backoff(ZERO, ZERO);

  @OnEveryBackend
  void whatFailsIsTriedAgainAndTheOutcomeCountsTheAttempts(Fan fan) {
    SharedMap<Integer, Integer> attempts = Shared.map();
    Task<Integer, Integer> task =
        i -> {
          int attempt = attempts.merge(i, 1, Integer::sum);
          if (attempt <= i % 4) {
            throw new IOException("attempt " + attempt);
          }
          return i;
        };

    List<Outcome<Integer, Integer>> outcomes =
        fan.retry(THREE_TIMES).outcomes(Range.of(0, 200), task).toList();

    assertThat(outcomes).allSatisfy(one -> assertThat(one).isInstanceOf(Outcome.Done.class));
    assertThat(outcomes)
        .allSatisfy(one -> assertThat(one.attempts()).isEqualTo(1 + one.input() % 4));
    assertThat(outcomes).extracting(Outcome::input).containsExactlyElementsOf(Range.of(0, 200));
  }

  @OnEveryBackend
  void whichErrorsAreFinalIsSaidByTypeOrByALambda(Fan fan) {
    assertThat(attemptsOf(fan, THREE_TIMES.notOn(FileNotFoundException.class))).isEqualTo(1);
    assertThat(attemptsOf(fan, THREE_TIMES.notOn(e -> e.getMessage().equals("gone")))).isEqualTo(1);
    assertThat(attemptsOf(fan, THREE_TIMES.on(e -> e.getMessage().equals("gone")))).isEqualTo(4);
    assertThat(attemptsOf(fan, THREE_TIMES.on(e -> false))).isEqualTo(1);
    assertThat(
            attemptsOf(fan, THREE_TIMES.on(IOException.class).notOn(IllegalStateException.class)))
        .isEqualTo(4);
  }

  private static int attemptsOf(Fan fan, Retry retry) {
    return fan.retry(retry)
        .outcomes(
            List.of(1),
            i -> {
              throw new FileNotFoundException("gone");
            })
        .toList()
        .getFirst()
        .attempts();
  }

  @OnEveryBackend
  void inABatchOnlyWhatFailedIsTriedAgain(Fan fan) {
    SharedMap<Integer, Integer> attempts = Shared.map();
    Task<Integer, Integer> task =
        i -> {
          int attempt = attempts.merge(i, 1, Integer::sum);
          if (i == 3 && attempt == 1) {
            throw new IOException("once");
          }
          return i;
        };

    assertThat(fan.batch(8).retry(THREE_TIMES).map(Range.of(0, 20), task))
        .containsExactlyElementsOf(Range.of(0, 20));

    assertThat(attempts).allSatisfy((i, n) -> assertThat(n).isEqualTo(i == 3 ? 2 : 1));
  }

  @OnEveryBackend
  void afterTheLastAttemptTheFailureSaysHowMany(Fan fan) {
    Observed<Integer, Integer> task =
        new Observed<>(i -> {
          throw new IOException("down");
        });

    TaskFailed failed =
        catchThrowableOfType(TaskFailed.class, () -> fan.retry(THREE_TIMES).map(List.of(5), task));

    assertThat(task.begun()).isEqualTo(4);
    assertThat(failed.attempts()).isEqualTo(4);
    assertThat(failed).hasMessage("Task failed on input 0, 5 after 4 attempts: IOException: down");
  }

  @OnEveryBackend
  void onlyTheExceptionsThatWereNamedAreTriedAgain(Fan fan) {
    Fan onIo = fan.retry(THREE_TIMES.on(IOException.class));

    assertThat(attemptsOf(onIo, new FileNotFoundException("a subclass"))).isEqualTo(4);
    assertThat(attemptsOf(onIo, new IllegalStateException("another class"))).isEqualTo(1);
    assertThat(attemptsOf(fan.retry(THREE_TIMES), new IllegalStateException("any"))).isEqualTo(4);
    assertThat(attemptsOf(fan.retry(THREE_TIMES), new AssertionError("an error"))).isEqualTo(1);
    assertThat(attemptsOf(fan.retry(THREE_TIMES.on(Throwable.class)), new AssertionError("any")))
        .isEqualTo(4);
  }

  private static long attemptsOf(Fan fan, Throwable error) {
    Observed<Integer, Integer> task =
        new Observed<>(i -> {
          if (error instanceof Error e) {
            throw e;
          }
          throw (Exception) error;
        });
    assertThatThrownBy(() -> fan.map(List.of(1), task))
        .isInstanceOf(TaskFailed.class)
        .cause()
        .hasSameClassAs(error)
        .hasMessage(error.getMessage());
    return task.begun();
  }

  @OnEveryBackend
  void noAttemptBeginsAfterTheDeadline(Fan fan) {
    Observed<Integer, Integer> task =
        new Observed<>(i -> {
          throw new IOException("down");
        });
    Retry soon = Retry.times(1_000).backoff(ZERO, ZERO).within(ofNanos(1));

    assertThatThrownBy(() -> fan.retry(soon).map(List.of(1), task)).isInstanceOf(TaskFailed.class);

    assertThat(task.begun()).isEqualTo(1);
  }

  @OnWorkers
  void whatWaitsForItsNextAttemptOccupiesNoWorker(Fan fan) {
    var others = Shared.latch(50);
    SharedCounter attempts = Shared.counter();
    Task<Integer, Integer> task =
        i -> {
          if (i > 0) {
            others.countDown();
          } else if (attempts.increment() == 1 || others.count() > 0) {
            throw new IOException("not before the others");
          }
          return i;
        };
    Retry later = Retry.times(30).backoff(ofMillis(200), ofMillis(200));

    List<Integer> results = fan.batch(1).retry(later).map(Range.of(0, 51), task);

    assertThat(results).containsExactlyElementsOf(Range.of(0, 51));
    assertThat(attempts.get()).isGreaterThan(1);
  }

  @OnEveryBackend
  void thereIsAWaitBetweenAttempts(Fan fan) {
    SharedCounter failedAt = Shared.counter();
    SharedCounter begunAgainAt = Shared.counter();
    Retry sure = Retry.times(1).backoff(ofMillis(20), ofMillis(20));
    long least = 0;

    for (int run = 0; run < 20; run++) {
      failedAt.set(0);
      fan.retry(sure)
          .map(
              List.of(1),
              i -> {
                if (failedAt.get() == 0) {
                  failedAt.set(System.nanoTime());
                  throw new IOException("once");
                }
                begunAgainAt.set(System.nanoTime());
                return i;
              });
      least = Math.max(least, begunAgainAt.get() - failedAt.get());
    }

    assertThat(ofNanos(least)).isGreaterThan(ofMillis(5));
  }

  @Test
  void aPolicyThatMakesNoSenseIsRefused() {
    assertThatThrownBy(() -> Retry.times(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("retries must be 0 or more, was -1");
    assertThatThrownBy(() -> Retry.times(1).backoff(ofSeconds(2), ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Retry.times(1).within(ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @OnEveryBackend
  void aDeadlineMayBeLaterThanThereIsTime(Fan fan) {
    Retry forEver =
        THREE_TIMES
            .within(ofSeconds(Long.MAX_VALUE))
            .backoff(ZERO, ofHours(Long.MAX_VALUE / 3_600));

    assertThat(attemptsOf(fan.retry(forEver), new IOException("down"))).isEqualTo(4);
  }
}

package io.fanwise;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.fanwise.Fans.OnEveryBackend;
import io.fanwise.shared.Shared;
import io.fanwise.shared.SharedCounter;
import io.fanwise.shared.SharedEvent;
import io.fanwise.spi.Backend;
import io.fanwise.spi.Workers;
import io.fanwise.work.Outcome;
import io.fanwise.work.Task;
import io.fanwise.work.TaskTimedOut;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Attempts that take too long, politely or not.
class TimeoutsTest {

  /// No timeout is to run while a JVM starts.
  @BeforeAll
  static void workersAreUp() {
    Fans.fansWithWorkers()
        .map(Named::getPayload)
        .forEach(fan -> fan.batch(1).map(Range.of(0, 2 * Fans.MOST_JOBS), new Observed<>(i -> i)));
  }

  @OnEveryBackend
  void whoIsFastEnoughNoticesNothing(Fan fan) {
    List<Integer> results = fan.timeout(ofHours(1)).map(Range.of(0, 2_000), i -> i + 1);

    assertThat(results).containsExactlyElementsOf(Range.of(1, 2_001));
  }

  @OnEveryBackend
  void whoTakesTooLongIsInterruptedAndTheOthersAreKept(Fan fan) {
    Observed<Integer, Integer> task =
        new Observed<>(i -> i % 4 == 1 ? Observed.<Integer>untilInterrupted() : i);

    List<Outcome<Integer, Integer>> outcomes =
        fan.timeout(ofMillis(100)).outcomes(Range.of(0, 8), task).toList();

    assertThat(outcomes).hasSize(8);
    assertThat(outcomes)
        .allSatisfy(outcome -> {
          switch (outcome) {
            case Outcome.Done<Integer, Integer> done ->
                assertThat(done.result()).isEqualTo(done.input());
            case Outcome.Failed<Integer, Integer> failed -> {
              assertThat(failed.input() % 4).isEqualTo(1);
              assertThat(failed.error())
                  .isInstanceOf(TaskTimedOut.class)
                  .hasMessage("timed out after 0.1s");
              assertThat(failed.duration()).isGreaterThanOrEqualTo(ofMillis(100));
            }
          }
        });
    assertThat(outcomes.stream().filter(Outcome.Failed.class::isInstance)).hasSize(2);
    assertThat(task.running()).isZero();
  }

  @OnEveryBackend
  void aTimeoutShowsWhereTheTaskStood(Fan fan) {
    TaskFailed failed =
        catchThrowableOfType(
            TaskFailed.class,
            () -> fan.timeout(ofMillis(50)).map(List.of(1), i -> Observed.untilInterrupted()));

    assertThat(failed).cause().isInstanceOf(TaskTimedOut.class);
    assertThat(failed.getCause().getStackTrace())
        .extracting(StackTraceElement::getMethodName)
        .contains("await", "untilInterrupted");
  }

  @OnEveryBackend
  void aTimeoutIsForEachAttemptNotForItsBatch(Fan fan) {
    List<Outcome<Integer, Boolean>> outcomes =
        fan.timeout(ofMillis(60), ofHours(1))
            .batch(6)
            .outcomes(
                Range.of(0, 12),
                i -> {
                  boolean before = Thread.currentThread().isInterrupted();
                  return i % 2 == 0 ? Observed.<Boolean>untilInterrupted() : before;
                })
            .toList();

    assertThat(outcomes).hasSize(12);
    assertThat(outcomes)
        .allSatisfy(outcome -> {
          switch (outcome) {
            case Outcome.Done<Integer, Boolean> done -> {
              assertThat(done.input() % 2).isEqualTo(1);
              assertThat(done.result()).as("interrupted before it began").isFalse();
            }
            case Outcome.Failed<Integer, Boolean> failed ->
                assertThat(failed.error()).isInstanceOf(TaskTimedOut.class);
          }
        });
  }

  @Test
  void waitingForAWorkerIsNotCounted() {
    Duration limit = ofSeconds(2);
    Task<Integer, Integer> aQuarterOfIt =
        i -> {
          Thread.sleep(limit.dividedBy(4));
          return i;
        };

    List<Integer> results =
        Fan.threads(1).timeout(limit).batch(8).map(Range.of(0, 8), aQuarterOfIt);

    assertThat(results).hasSize(8);
  }

  @ParameterizedTest
  @MethodSource("io.fanwise.Fans#withWorkers")
  void whoIgnoresTheInterruptCostsItsInputAndNoOther(Backend backend) {
    SharedEvent released = Shared.event();
    try (Workers workers = started(backend)) {

      List<Outcome<Integer, Integer>> outcomes =
          Fan.on(workers)
              .timeout(ofMillis(600), ofMillis(200)) // a worker JVM that has just started is slow
              .outcomes(
                  Range.of(0, 5),
                  i -> {
                    if (i == 2) {
                      ignoreInterruptsUntil(released);
                    }
                    return i;
                  })
              .toList();

      assertThat(outcomes).extracting(Outcome::input).containsExactly(0, 1, 2, 3, 4);
      assertThat(outcomes.stream().filter(Outcome.Failed.class::isInstance))
          .singleElement()
          .isInstanceOfSatisfying(
              Outcome.Failed.class,
              failed -> {
                assertThat(failed.input()).isEqualTo(2);
                assertThat(failed.error())
                    .isInstanceOf(TaskTimedOut.class)
                    .hasMessage(
                        "timed out after 0.6s; it ignored the interrupt, so worker "
                            + failed.worker()
                            + (workers.inThisJvm() ? " was abandoned" : " was killed")
                            + " and replaced");
              });
      assertThat(Fan.on(workers).map(Range.of(0, 100), i -> i)).hasSize(100);
    } finally {
      released.set();
    }
  }

  @ParameterizedTest
  @MethodSource("io.fanwise.Fans#withWorkersInThisJvm") // it is about their threads
  void anotherThreadReplacesTheOneThatIsAbandoned(Backend backend) {
    try (Workers workers = started(backend)) {
      AtomicReference<Thread> stuck = new AtomicReference<>();
      SharedEvent released = Shared.event();
      Fan fan = Fan.on(workers).timeout(ofMillis(100), ofMillis(50));

      List<Outcome<Integer, Integer>> outcomes =
          fan.outcomes(
                  Range.of(0, 5),
                  i -> {
                    if (i == 2) {
                      stuck.set(Thread.currentThread());
                      ignoreInterruptsUntil(released);
                    }
                    return i;
                  })
              .toList();

      assertThat(outcomes).hasSize(5);
      assertThat(outcomes.stream().filter(Outcome.Failed.class::isInstance))
          .singleElement()
          .isInstanceOfSatisfying(
              Outcome.Failed.class,
              failed -> assertThat(failed.worker()).isEqualTo(stuck.get().getName()));

      var everybody = new CyclicBarrier(workers.jobs());
      List<Thread> now =
          Fan.on(workers)
              .map(
                  Range.of(0, workers.jobs()),
                  i -> {
                    everybody.await();
                    return Thread.currentThread();
                  });
      assertThat(now).doesNotHaveDuplicates().doesNotContain(stuck.get());

      released.set();
      await().until(() -> !stuck.get().isAlive());
      assertThat(fan.map(Range.of(0, 100), i -> i)).hasSize(100);
    }
  }

  @ParameterizedTest
  @MethodSource("io.fanwise.Fans#withWorkers")
  void theRestOfTheBatchOfAnAbandonedWorkerIsRunByAnother(Backend backend)
      throws InterruptedException {
    SharedEvent released = Shared.event();
    var runs = new Seen<Integer>();
    try (Workers workers = started(backend)) {

      List<Outcome<Integer, Integer>> outcomes =
          Fan.on(workers)
              .timeout(ofSeconds(2), ofMillis(50))
              .batch(10)
              .outcomes(
                  Range.of(0, 10),
                  i -> {
                    runs.add(i);
                    if (i == 4) {
                      ignoreInterruptsUntil(released);
                    }
                    return i;
                  })
              .toList();

      assertThat(outcomes).extracting(Outcome::input).containsExactlyElementsOf(Range.of(0, 10));
      assertThat(outcomes.get(4)).isInstanceOf(Outcome.Failed.class);
      assertThat(outcomes.stream().filter(Outcome.Done.class::isInstance)).hasSize(9);
    } finally {
      released.set();
    }
    assertThat(runs.all()).containsExactlyElementsOf(Range.of(0, 10));
  }

  @Test
  void onTheCallersOwnThreadWhoIgnoresTheInterruptIsWaitedFor() {
    List<Outcome<Integer, Integer>> outcomes =
        Fan.sequential()
            .timeout(ofMillis(50), ofMillis(1))
            .outcomes(
                Range.of(0, 3),
                i -> {
                  if (i == 1) {
                    await().pollInSameThread().until(() -> Thread.currentThread().isInterrupted());
                  }
                  return i;
                })
            .toList();

    assertThat(outcomes).hasSize(3);
    assertThat(outcomes.get(1))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed ->
                assertThat(failed.error())
                    .isInstanceOf(TaskTimedOut.class)
                    .hasMessage("timed out after 0.05s"));
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("io.fanwise.Fans#withSeveralWorkers")
  void aFailureDoesNotWaitForEverForWhoIgnoresTheInterrupt(Backend backend) {
    SharedEvent released = Shared.event();
    var headRuns = Shared.latch(1);
    try (Workers workers = started(backend)) {
      Task<Integer, Integer> task =
          i -> {
            if (i == 0) {
              headRuns.countDown();
              ignoreInterruptsUntil(released);
            }
            headRuns.await();
            throw new IllegalStateException("bad input");
          };

      assertThatThrownBy(
              () -> Fan.on(workers).timeout(ofSeconds(1), ofMillis(50)).map(Range.of(0, 2), task))
          .isInstanceOf(TaskFailed.class)
          .hasRootCauseMessage("bad input");
      assertThat(released.isSet()).isFalse();
    } finally {
      released.set();
    }
  }

  @OnEveryBackend
  void whatTimesOutCanBeRetried(Fan fan) {
    SharedCounter attempts = Shared.counter();

    List<Outcome<Integer, Integer>> outcomes =
        fan.timeout(ofMillis(50))
            .retry(Retry.times(3).backoff(Duration.ZERO, Duration.ZERO).on(TaskTimedOut.class))
            .outcomes(
                List.of(7),
                i -> attempts.increment() < 3 ? Observed.<Integer>untilInterrupted() : i)
            .toList();

    assertThat(outcomes).singleElement().isInstanceOf(Outcome.Done.class);
    assertThat(outcomes.getFirst().attempts()).isEqualTo(3);
  }

  @OnEveryBackend
  void aTimeoutMayBeLongerThanThereIsTime(Fan fan) {
    Fan patient = fan.timeout(ofSeconds(Long.MAX_VALUE), ofSeconds(Long.MAX_VALUE));

    assertThat(patient.map(Range.of(0, 10), i -> i)).hasSize(10);
  }

  @Test
  void aTimeoutThatIsNoneIsRefused() {
    assertThatThrownBy(() -> Fan.out().timeout(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("timeout must be positive, was PT0S");
    assertThatThrownBy(() -> Fan.out().timeout(ofMillis(5), ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("grace must not be negative, was PT-0.001S");
  }

  private static void ignoreInterruptsUntil(SharedEvent released) {
    while (!released.isSet()) {
      Thread.onSpinWait();
    }
  }

  /// Workers of one's own that are all up.
  private static Workers started(Backend backend) {
    Workers workers = backend.start();
    var everybody = Shared.barrier(workers.jobs());
    Fan.on(workers).batch(1).forEach(Range.of(0, workers.jobs()), i -> everybody.await());
    return workers;
  }
}

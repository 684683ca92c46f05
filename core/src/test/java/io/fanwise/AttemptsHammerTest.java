package io.fanwise;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanwise.work.Attempts;
import io.fanwise.work.Batch;
import io.fanwise.work.Failure;
import io.fanwise.work.Inputs;
import io.fanwise.work.Task;
import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/// Attempts that are cancelled and run out of time at any moment, thousands of times: what is
/// delivered is delivered once, and no interrupt reaches whom it was not meant for.
class AttemptsHammerTest {
  private static final Duration NEVER = Duration.ZERO;

  private final ExecutorService workers = Executors.newCachedThreadPool();

  @AfterEach
  void endWorkers() {
    workers.shutdownNow();
  }

  @Test
  void cancellingMeetsTheAttemptsAnywhere() throws Exception {
    Random random = new Random(7);

    for (int round = 0; round < 10_000; round++) {
      Round one = new Round(1 + random.nextInt(4), NEVER, NEVER, i -> busy(i, 0));
      one.play(random.nextInt(3_000));
    }
  }

  @Test
  void cancellingMeetsSleepersAnywhere() throws Exception {
    Random random = new Random(8);

    for (int round = 0; round < 5_000; round++) {
      Round one =
          new Round(
              1 + random.nextInt(4),
              NEVER,
              NEVER,
              i -> {
                Thread.sleep(0, 50_000);
                return i;
              });
      one.play(random.nextInt(200_000));
    }
  }

  @RepeatedTest(2)
  void cancellingMeetsTheClock(RepetitionInfo info) throws Exception {
    Random random = new Random(info.getCurrentRepetition());
    boolean heeds = info.getCurrentRepetition() == 1;

    for (int round = 0; round < 400; round++) {
      int micros = 200 + random.nextInt(3_000);
      Round one =
          new Round(
              2,
              Duration.ofMillis(1),
              Duration.ofMillis(1),
              heeds ? i -> busyUntilInterrupted(i, micros) : i -> busy(i, micros));
      one.play(random.nextInt(4_000_000));
    }
  }

  @Test
  void aTimeoutInterruptsTheAttemptItIsForAndNoOther() {
    Random random = new Random(9);

    for (int round = 0; round < 150; round++) {
      int[] micros = random.ints(10, 0, 2_500).toArray();
      Set<Integer> interrupted = new HashSet<>();
      Task<Integer, Integer> task =
          i -> {
            busy(i, micros[i]);
            if (Thread.currentThread().isInterrupted()) {
              interrupted.add(i);
            }
            return i;
          };
      Attempts attempts = new Attempts(batch(10, Duration.ofMillis(1), Duration.ofHours(1), task));

      Batch.Result result = attempts.run("worker", null);

      assertThat(Thread.interrupted()).as("interrupted after the end").isFalse();
      assertThat(result.ran()).isEqualTo(10);
      for (int i : interrupted) {
        assertThat(result.results()[i])
            .as("result of one that was interrupted")
            .isInstanceOf(Failure.class);
      }
    }
  }

  /// One batch, one worker who runs it, one who cancels it.
  private final class Round {
    private final Attempts attempts;
    private final int size;
    private final AtomicInteger delivered = new AtomicInteger();

    Round(int size, Duration timeout, Duration grace, Task<Integer, Integer> task) {
      this.size = size;
      this.attempts = new Attempts(batch(size, timeout, grace, task));
    }

    void play(int delayNanos) throws InterruptedException, ExecutionException {
      var cancelled = new CountDownLatch(1);
      Future<Boolean> worker = workers.submit(() -> runAndLookForInterrupts(cancelled));
      long until = System.nanoTime() + delayNanos;
      while (System.nanoTime() < until) {
        Thread.onSpinWait();
      }

      if (attempts.cancel()) {
        delivered.incrementAndGet();
      }
      cancelled.countDown();

      assertThat(worker.get()).as("interrupted after the end").isFalse();
      while (delivered.get() == 0) {
        Thread.onSpinWait();
      }
      assertThat(delivered).as("times delivered").hasValue(1);
    }

    /// Whether an interrupt is left over, even when whoever cancels has come back. Where there is
    /// no result the thread was abandoned, and ends: nobody uses it after that.
    private boolean runAndLookForInterrupts(CountDownLatch cancelled) {
      Batch.Result result = attempts.run("worker", this::abandoned);
      boolean leaked = Thread.interrupted();
      if (result != null) {
        check(result);
        delivered.incrementAndGet();
      }
      while (cancelled.getCount() > 0) {
        LockSupport.parkNanos(1_000);
      }
      leaked |= Thread.interrupted();
      return leaked && result != null;
    }

    private void abandoned(Batch.Result soFar) {
      check(soFar);
      delivered.incrementAndGet();
    }

    private void check(Batch.Result result) {
      assertThat(result.ran()).isBetween(0, size);
      for (int i = 0; i < result.ran(); i++) {
        assertThat(result.results()[i]).isNotNull();
      }
    }
  }

  private static Batch batch(
      int size, Duration timeout, Duration grace, Task<Integer, Integer> task) {
    Object[] inputs = new Object[size];
    for (int i = 0; i < size; i++) {
      inputs[i] = i;
    }
    return new Batch(task, Inputs.of(inputs), 0, new Batch.Rules(timeout, grace, false, false));
  }

  private static int busy(int i, int micros) {
    long until = System.nanoTime() + micros * 1_000L;
    while (System.nanoTime() < until) {
      Thread.onSpinWait();
    }
    return i;
  }

  private static int busyUntilInterrupted(int i, int micros) throws InterruptedException {
    long until = System.nanoTime() + micros * 1_000L;
    while (System.nanoTime() < until) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      Thread.onSpinWait();
    }
    return i;
  }
}

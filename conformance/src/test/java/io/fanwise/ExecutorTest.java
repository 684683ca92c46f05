package io.fanwise;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.Fans.OnEveryBackend;
import io.fanwise.Fans.OnWorkers;
import io.fanwise.spi.Backend;
import io.fanwise.spi.Workers;
import io.fanwise.work.TaskTimedOut;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The workers as a standard executor.
class ExecutorTest {

  @OnEveryBackend
  void whatIsSubmittedIsRun(Fan fan) throws Exception {
    try (ExecutorService executor = fan.executor()) {
      AtomicInteger ran = new AtomicInteger();

      Future<String> callable = executor.submit(() -> "result");
      Future<?> runnable = executor.submit(ran::incrementAndGet);
      Future<Integer> withResult = executor.submit(() -> {}, 7);
      CompletableFuture<Integer> composed = CompletableFuture.supplyAsync(() -> 8, executor);

      assertThat(callable.get()).isEqualTo("result");
      runnable.get();
      assertThat(ran).hasValue(1);
      assertThat(withResult.get()).isEqualTo(7);
      assertThat(composed.get()).isEqualTo(8);
    }
  }

  @OnEveryBackend
  void aResultMayBeNull(Fan fan) throws Exception {
    try (ExecutorService executor = fan.executor()) {
      assertThat(executor.submit(() -> null).get()).isNull();
    }
  }

  @OnEveryBackend
  void whatATaskThrowsIsTheCause(Fan fan) {
    try (ExecutorService executor = fan.executor()) {
      Future<?> failed =
          executor.submit(() -> {
            throw new IllegalStateException("bad");
          });

      assertThatThrownBy(failed::get)
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("bad");
    }
  }

  @OnEveryBackend
  void allOrAnyCanBeInvoked(Fan fan) throws Exception {
    try (ExecutorService executor = fan.executor()) {
      List<Callable<Integer>> tasks = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        int number = i;
        tasks.add(() -> number);
      }
      List<Integer> results = new ArrayList<>();
      for (Future<Integer> future : executor.invokeAll(tasks)) {
        results.add(future.get());
      }

      assertThat(results).containsExactlyElementsOf(Range.of(0, 100));
      assertThat(
              executor.invokeAny(
                  List.<Callable<String>>of(
                      () -> {
                        throw new IllegalStateException("bad");
                      },
                      () -> "good")))
          .isEqualTo("good");
    }
  }

  @OnWorkers
  void cancellingInterruptsTheTask(Fan fan) throws Exception {
    var runs = new CountDownLatch(1);
    var interrupted = new CountDownLatch(1);
    try (ExecutorService executor = fan.executor()) {
      Future<?> future =
          executor.submit(() -> {
            runs.countDown();
            try {
              Observed.untilInterrupted();
            } catch (InterruptedException e) {
              interrupted.countDown();
            }
          });
      runs.await();

      assertThat(future.cancel(true)).isTrue();

      interrupted.await();
      assertThatThrownBy(future::get).isInstanceOf(CancellationException.class);
      assertThat(executor.submit(() -> Thread.currentThread().isInterrupted()).get()).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("io.fanwise.Fans#withWorkers")
  void neverMoreTasksThanJobsRunAtOnce(Backend backend) throws Exception {
    try (Workers workers = backend.start();
        ExecutorService executor = Fan.on(workers).executor()) {
      AtomicInteger now = new AtomicInteger();
      AtomicInteger most = new AtomicInteger();
      List<Callable<Integer>> tasks = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        tasks.add(() -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          Thread.onSpinWait();
          return now.decrementAndGet();
        });
      }

      assertThat(executor.invokeAll(tasks)).hasSize(300);

      assertThat(most.get()).isBetween(1, workers.jobs());
    }
  }

  @OnWorkers
  void shutdownRunsWhatWasSubmittedAndTakesNoMore(Fan fan) throws Exception {
    var goOn = new CountDownLatch(1);
    AtomicInteger ran = new AtomicInteger();
    ExecutorService executor = fan.executor();
    for (int i = 0; i < 50; i++) {
      executor.execute(() -> {
        awaitQuietly(goOn);
        ran.incrementAndGet();
      });
    }

    executor.shutdown();

    assertThat(executor.isShutdown()).isTrue();
    assertThat(executor.isTerminated()).isFalse();
    assertThat(executor.awaitTermination(1, TimeUnit.MILLISECONDS)).isFalse();
    assertThatThrownBy(() -> executor.submit(() -> 1))
        .isInstanceOf(RejectedExecutionException.class)
        .hasMessage("this executor is shut down");
    goOn.countDown();
    assertThat(executor.awaitTermination(1, TimeUnit.HOURS)).isTrue();
    assertThat(executor.isTerminated()).isTrue();
    assertThat(ran).hasValue(50);
  }

  @ParameterizedTest
  @MethodSource("io.fanwise.Fans#withWorkers")
  void shutdownNowInterruptsWhatRunsAndReturnsWhatWaits(Backend backend) throws Exception {
    try (Workers workers = backend.start()) {
      int jobs = workers.jobs();
      var running = new CountDownLatch(jobs);
      AtomicInteger interrupted = new AtomicInteger();
      ExecutorService executor = Fan.on(workers).executor();
      for (int i = 0; i < jobs + 5; i++) {
        executor.execute(() -> {
          running.countDown();
          try {
            Observed.untilInterrupted();
          } catch (InterruptedException e) {
            interrupted.incrementAndGet();
          }
        });
      }
      running.await();

      List<Runnable> neverBegun = executor.shutdownNow();

      assertThat(neverBegun).hasSize(5);
      assertThat(executor.awaitTermination(1, TimeUnit.HOURS)).isTrue();
      assertThat(interrupted).hasValue(jobs);
    }
  }

  @OnEveryBackend
  void closingLeavesTheWorkersToOthers(Fan fan) throws Exception {
    ExecutorService executor = fan.executor();
    assertThat(executor.submit(() -> 1).get()).isEqualTo(1);

    executor.close();

    assertThat(executor.isTerminated()).isTrue();
    assertThat(fan.map(List.of(1), i -> i)).containsExactly(1);
    try (ExecutorService another = fan.executor()) {
      assertThat(another.submit(() -> 2).get()).isEqualTo(2);
    }
  }

  @OnWorkers
  void anExecutorThatWasNeverUsedTerminatesAtOnce(Fan fan) throws Exception {
    ExecutorService executor = fan.executor();

    executor.shutdown();

    assertThat(executor.isTerminated()).isTrue();
    assertThat(executor.awaitTermination(0, TimeUnit.SECONDS)).isTrue();
    assertThat(executor.shutdownNow()).isEmpty();
  }

  @OnEveryBackend
  void nullIsRefused(Fan fan) {
    try (ExecutorService executor = fan.executor()) {
      assertThatThrownBy(() -> executor.execute(null)).isInstanceOf(NullPointerException.class);
      assertThatThrownBy(() -> executor.submit((Runnable) null))
          .isInstanceOf(NullPointerException.class);
    }
  }

  @OnWorkers
  void aFutureFailsWithTheTimeoutOfTheFan(Fan fan) {
    try (ExecutorService executor = fan.timeout(ofMillis(50)).executor()) {
      Callable<Integer> endless = Observed::untilInterrupted;
      Future<Integer> stuck = executor.submit(endless);

      assertThatThrownBy(stuck::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(TaskTimedOut.class);
    }
  }

  @ParameterizedTest
  @MethodSource("io.fanwise.Fans#withWorkers")
  void closedWorkersRejectTasks(Backend backend) {
    Workers workers = backend.start();
    ExecutorService executor = Fan.on(workers).executor();
    workers.close();

    assertThatThrownBy(() -> executor.submit(() -> 1))
        .isInstanceOf(RejectedExecutionException.class);
    executor.close();
    assertThat(executor.isTerminated()).isTrue();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @OnWorkers
  void theLosersOfInvokeAnyAreInterrupted(Fan fan) throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    CountDownLatch waiting = new CountDownLatch(1);
    Callable<String> loser =
        () -> {
          waiting.countDown();
          try {
            return Observed.untilInterrupted();
          } finally {
            interrupted.countDown();
          }
        };
    Callable<String> winner =
        () -> {
          waiting.await();
          return "won";
        };
    try (ExecutorService executor = Fan.threads(2).executor()) {
      assertThat(executor.invokeAny(List.of(loser, winner))).isEqualTo("won");
      interrupted.await();
    }
  }

  @OnWorkers
  void aHandlerThatThrowsCostsNoWorker(Fan fan) {
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, error) -> {
      throw new IllegalStateException("the handler is broken too");
    });
    try (ExecutorService executor = fan.executor()) {
      executor.execute(() -> {
        throw new IllegalStateException("broken");
      });
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }

    assertThat(fan.map(Range.of(0, 10), i -> i)).hasSize(10);
  }

  @ParameterizedTest
  @MethodSource("io.fanwise.Fans#withWorkers")
  void futuresOfTasksThatClosedWorkersNeverBeganAreCancelled(Backend backend) throws Exception {
    Workers workers = backend.start();
    ExecutorService executor = Fan.on(workers).executor();
    List<Future<String>> futures = new ArrayList<>();
    Callable<String> endless = Observed::untilInterrupted;
    for (int i = 0; i < 100; i++) {
      futures.add(executor.submit(endless));
    }

    executor.shutdown();
    workers.close();

    for (Future<String> future : futures) {
      assertThatThrownBy(future::get)
          .isInstanceOfAny(CancellationException.class, ExecutionException.class);
    }
    assertThat(executor.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
  }
}

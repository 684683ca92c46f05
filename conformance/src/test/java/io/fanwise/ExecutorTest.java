package io.fanwise;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.Fans.InThisJvm;
import io.fanwise.Fans.OnEveryBackend;
import io.fanwise.Fans.OnSeveralWorkers;
import io.fanwise.Fans.OnWorkers;
import io.fanwise.shared.Shared;
import io.fanwise.shared.SharedCounter;
import io.fanwise.shared.SharedLatch;
import io.fanwise.spi.Backend;
import io.fanwise.spi.Workers;
import io.fanwise.work.TaskTimedOut;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The workers as a standard executor.
class ExecutorTest {

  @OnEveryBackend
  void whatIsSubmittedIsRun(Fan fan) throws Exception {
    try (ExecutorService executor = fan.executor()) {
      SharedCounter ran = Shared.counter();

      Future<String> callable = executor.submit(call(() -> "result"));
      Future<?> runnable = executor.submit(command(ran::increment));
      Future<Integer> withResult = executor.submit(command(() -> {}), 7);

      assertThat(callable.get()).isEqualTo("result");
      runnable.get();
      assertThat(ran.get()).isEqualTo(1);
      assertThat(withResult.get()).isEqualTo(7);
    }
  }

  @InThisJvm // a CompletableFuture is completed by the thread that runs its stage
  void aCompletableFutureMayRunItsStagesOnIt(Fan fan) throws Exception {
    try (ExecutorService executor = fan.executor()) {
      CompletableFuture<Integer> composed =
          CompletableFuture.supplyAsync(() -> 8, executor).thenApplyAsync(i -> i + 1, executor);

      assertThat(composed.get()).isEqualTo(9);
    }
  }

  @OnEveryBackend
  void aResultMayBeNull(Fan fan) throws Exception {
    try (ExecutorService executor = fan.executor()) {
      assertThat(executor.submit(call(() -> null)).get()).isNull();
    }
  }

  @OnEveryBackend
  void whatATaskThrowsIsTheCause(Fan fan) {
    try (ExecutorService executor = fan.executor()) {
      Future<?> failed =
          executor.submit(
              command(() -> {
                throw new IllegalStateException("bad");
              }));

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
        tasks.add(call(() -> number));
      }
      List<Integer> results = new ArrayList<>();
      for (Future<Integer> future : executor.invokeAll(tasks)) {
        results.add(future.get());
      }

      assertThat(results).containsExactlyElementsOf(Range.of(0, 100));
      assertThat(
              executor.invokeAny(
                  List.<Callable<String>>of(
                      call(() -> {
                        throw new IllegalStateException("bad");
                      }),
                      call(() -> "good"))))
          .isEqualTo("good");
    }
  }

  @OnWorkers
  void cancellingInterruptsTheTask(Fan fan) throws Exception {
    var runs = Shared.latch(1);
    var interrupted = Shared.latch(1);
    try (ExecutorService executor = fan.executor()) {
      Future<?> future =
          executor.submit(
              command(() -> {
                runs.countDown();
                try {
                  Observed.untilInterrupted();
                } catch (InterruptedException e) {
                  interrupted.countDown();
                }
              }));
      runs.await();

      assertThat(future.cancel(true)).isTrue();

      interrupted.await();
      assertThatThrownBy(future::get).isInstanceOf(CancellationException.class);
      assertThat(executor.submit(call(() -> Thread.currentThread().isInterrupted())).get())
          .isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("io.fanwise.Fans#withWorkers")
  void neverMoreTasksThanJobsRunAtOnce(Backend backend) throws Exception {
    try (Workers workers = backend.start();
        ExecutorService executor = Fan.on(workers).executor()) {
      Observed<Integer, Integer> task = new Observed<>(i -> i);
      List<Callable<Integer>> tasks = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        tasks.add(call(() -> task.run(1)));
      }

      assertThat(executor.invokeAll(tasks)).hasSize(300);

      assertThat(task.most()).isBetween(1L, (long) workers.jobs());
    }
  }

  @OnWorkers
  void shutdownRunsWhatWasSubmittedAndTakesNoMore(Fan fan) throws Exception {
    var goOn = Shared.latch(1);
    SharedCounter ran = Shared.counter();
    ExecutorService executor = fan.executor();
    for (int i = 0; i < 50; i++) {
      executor.execute(
          command(() -> {
            awaitQuietly(goOn);
            ran.increment();
          }));
    }

    executor.shutdown();

    assertThat(executor.isShutdown()).isTrue();
    assertThat(executor.isTerminated()).isFalse();
    assertThat(executor.awaitTermination(1, TimeUnit.MILLISECONDS)).isFalse();
    assertThatThrownBy(() -> executor.submit(call(() -> 1)))
        .isInstanceOf(RejectedExecutionException.class)
        .hasMessage("this executor is shut down");
    goOn.countDown();
    assertThat(executor.awaitTermination(1, TimeUnit.HOURS)).isTrue();
    assertThat(executor.isTerminated()).isTrue();
    assertThat(ran.get()).isEqualTo(50);
  }

  @ParameterizedTest
  @MethodSource("io.fanwise.Fans#withWorkers")
  void shutdownNowInterruptsWhatRunsAndReturnsWhatWaits(Backend backend) throws Exception {
    try (Workers workers = backend.start()) {
      int jobs = workers.jobs();
      var running = Shared.latch(jobs);
      SharedCounter interrupted = Shared.counter();
      ExecutorService executor = Fan.on(workers).executor();
      for (int i = 0; i < jobs + 5; i++) {
        executor.execute(
            command(() -> {
              running.countDown();
              try {
                Observed.untilInterrupted();
              } catch (InterruptedException e) {
                interrupted.increment();
              }
            }));
      }
      running.await();

      List<Runnable> neverBegun = executor.shutdownNow();

      assertThat(neverBegun).hasSize(5);
      assertThat(executor.awaitTermination(1, TimeUnit.HOURS)).isTrue();
      assertThat(interrupted.get()).isEqualTo(jobs);
    }
  }

  @OnEveryBackend
  void closingLeavesTheWorkersToOthers(Fan fan) throws Exception {
    ExecutorService executor = fan.executor();
    assertThat(executor.submit(call(() -> 1)).get()).isEqualTo(1);

    executor.close();

    assertThat(executor.isTerminated()).isTrue();
    assertThat(fan.map(List.of(1), i -> i)).containsExactly(1);
    try (ExecutorService another = fan.executor()) {
      assertThat(another.submit(call(() -> 2)).get()).isEqualTo(2);
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
      Callable<Integer> endless = call(Observed::untilInterrupted);
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

    assertThatThrownBy(() -> executor.submit(call(() -> 1)))
        .isInstanceOf(RejectedExecutionException.class);
    executor.close();
    assertThat(executor.isTerminated()).isTrue();
  }

  private static void awaitQuietly(SharedLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @OnSeveralWorkers
  void theLosersOfInvokeAnyAreInterrupted(Fan fan) throws Exception {
    SharedLatch interrupted = Shared.latch(1);
    SharedLatch waiting = Shared.latch(1);
    Callable<String> loser =
        call(() -> {
          waiting.countDown();
          try {
            return Observed.untilInterrupted();
          } finally {
            interrupted.countDown();
          }
        });
    Callable<String> winner =
        call(() -> {
          waiting.await();
          return "won";
        });
    try (ExecutorService executor = fan.executor()) {
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
      executor.execute(
          command(() -> {
            throw new IllegalStateException("broken");
          }));
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
    Callable<String> endless = call(Observed::untilInterrupted);
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

  /// What may be called in another JVM: a lambda of a type that is not serializable does not
  /// travel.
  private interface Call<V> extends Callable<V>, Serializable {}

  private interface Command extends Runnable, Serializable {}

  private static <V> Callable<V> call(Call<V> call) {
    return call;
  }

  private static Runnable command(Command command) {
    return command;
  }
}

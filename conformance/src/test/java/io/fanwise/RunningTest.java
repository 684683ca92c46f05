package io.fanwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fanwise.Fans.OnEveryBackend;
import io.fanwise.shared.Shared;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/// Runs in the background.
class RunningTest {

  @OnEveryBackend
  void itIsAFutureOfAllResults(Fan fan) throws Exception {
    Running<Integer> running = fan.start(Range.of(0, 100), i -> i + 1);

    assertThat(running.get()).containsExactlyElementsOf(Range.of(1, 101));
    assertThat(running.join()).hasSize(100);
    assertThat(running.get(1, TimeUnit.HOURS)).hasSize(100);
    assertThat(running.isDone()).isTrue();
    assertThat(running.isCancelled()).isFalse();
    assertThat(running.state()).isEqualTo(Future.State.SUCCESS);
    assertThat(running.resultNow()).hasSize(100);
    assertThat(running.cancel()).isFalse();
  }

  @OnEveryBackend
  void itDoesNotKeepTheCallerWaiting(Fan fan) throws Exception {
    var goOn = Shared.latch(1);

    Running<Integer> running =
        fan.start(
            List.of(1, 2),
            i -> {
              goOn.await();
              return i;
            });

    assertThat(running.isDone()).isFalse();
    assertThatThrownBy(() -> running.get(1, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    goOn.countDown();
    assertThat(running.get()).containsExactly(1, 2);
  }

  @OnEveryBackend
  void itMayBeStartedOnIteratorsAndStreams(Fan fan) {
    assertThat(fan.start(List.of(1, 2).iterator(), i -> i).join()).containsExactly(1, 2);
    assertThat(fan.start(List.of(1, 2).stream(), i -> i).join()).containsExactly(1, 2);
  }

  @OnEveryBackend
  void aFailureIsThrownAsTheVerbsDo(Fan fan) {
    Running<Integer> running = fan.start(Range.of(-3, 3), i -> 1 / i);

    assertThatThrownBy(running::join)
        .isInstanceOf(TaskFailed.class)
        .hasMessageContaining("input 3, 0");
    assertThatThrownBy(running::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(TaskFailed.class);
    assertThat(running.state()).isEqualTo(Future.State.FAILED);
    assertThat(running.exceptionNow()).isInstanceOf(TaskFailed.class);
  }

  @OnEveryBackend
  void cancellingStopsWhatRuns(Fan fan) {
    Observed<Integer, Integer> task = new Observed<>(i -> Observed.untilInterrupted());
    Running<Integer> running = fan.start(Range.of(0, 100), task);
    await().until(() -> task.running() > 0);

    assertThat(running.cancel()).isTrue();
    assertThat(running.cancel()).isFalse();

    assertThatThrownBy(running::join).isInstanceOf(CancellationException.class);
    assertThat(task.running()).isZero();
    assertThatThrownBy(running::get).isInstanceOf(CancellationException.class);
    assertThat(running.isCancelled()).isTrue();
    assertThat(running.isDone()).isTrue();
    assertThat(running.state()).isEqualTo(Future.State.CANCELLED);
  }

  @OnEveryBackend
  void cancellingAtOnceIsFine(Fan fan) {
    for (int round = 0; round < 50; round++) {
      Observed<Integer, Integer> task = new Observed<>(i -> i);
      Running<Integer> running = fan.start(Stream.iterate(0, i -> i + 1), task);

      running.cancel(true);

      assertThatThrownBy(running::join).isInstanceOf(CancellationException.class);
      assertThat(task.running()).isZero();
    }
  }

  @OnEveryBackend
  void whoWantsToKnowTheResultsIsTold(Fan fan) {
    AtomicReference<List<Integer>> before = new AtomicReference<>();
    AtomicReference<List<Integer>> after = new AtomicReference<>();
    AtomicReference<Throwable> failed = new AtomicReference<>();

    Running<Integer> running =
        fan.start(List.of(1, 2), i -> i).onDone(before::set).onFailed(failed::set);
    await().until(() -> before.get() != null);
    var _ = running.onDone(after::set);

    assertThat(before.get()).containsExactly(1, 2);
    assertThat(after.get()).containsExactly(1, 2);
    assertThat(failed.get()).isNull();
  }

  @OnEveryBackend
  void whoWantsToKnowTheFailureIsTold(Fan fan) {
    AtomicReference<Throwable> failed = new AtomicReference<>();
    List<Object> done = new ArrayList<>();

    var _ = fan.start(List.of(0), i -> 1 / i).onDone(done::add).onFailed(failed::set);

    await().until(() -> failed.get() != null);
    assertThat(failed.get()).isInstanceOf(TaskFailed.class);
    assertThat(done).isEmpty();
  }

  @OnEveryBackend
  void whoWantsToKnowTheFailureIsToldOfACancellation(Fan fan) {
    AtomicReference<Throwable> failed = new AtomicReference<>();
    Running<Integer> running =
        fan.start(List.of(0), i -> Observed.<Integer>untilInterrupted()).onFailed(failed::set);

    running.cancel();

    await().until(() -> failed.get() != null);
    assertThat(failed.get()).isInstanceOf(CancellationException.class);
  }

  @OnEveryBackend
  void aListenerThatThrowsHarmsNobody(Fan fan) {
    Running<Integer> running =
        fan.start(List.of(1), i -> i)
            .onDone(results -> {
              throw new IllegalStateException("listener");
            });

    assertThat(running.join()).containsExactly(1);
  }

  @OnEveryBackend
  void progressCanBeAskedForAtAnyTime(Fan fan) {
    var goOn = Shared.latch(1);
    List<Progress> listened = new ArrayList<>();
    Running<Integer> running =
        fan.progress(listened::add)
            .start(
                Range.of(0, 10),
                i -> {
                  goOn.await();
                  return i;
                });

    assertThat(running.progress().done()).isZero();
    assertThat(running.progress().total()).isEqualTo(OptionalLong.of(10));
    assertThat(running.progress().finished()).isFalse();

    goOn.countDown();
    running.join();

    assertThat(running.progress().done()).isEqualTo(10);
    assertThat(running.progress().finished()).isTrue();
    assertThat(listened.getLast().finished()).isTrue();
  }

  @OnEveryBackend
  void itComposesWithOtherFutures(Fan fan) {
    CompletableFuture<Integer> sum =
        fan.start(List.of(1, 2), i -> i)
            .toCompletableFuture()
            .thenCombine(
                fan.start(List.of(3, 4), i -> i).toCompletableFuture(),
                (a, b) -> a.getFirst() + b.getLast());

    assertThat(sum.join()).isEqualTo(5);
  }

  @OnEveryBackend
  void completingItsCopyDoesNotCompleteIt(Fan fan) {
    var goOn = Shared.latch(1);
    Running<Integer> running =
        fan.start(
            List.of(1),
            i -> {
              goOn.await();
              return i;
            });

    running.toCompletableFuture().complete(List.of(7));
    assertThat(running.isDone()).isFalse();

    goOn.countDown();
    assertThat(running.join()).containsExactly(1);
  }

  @OnEveryBackend
  void whoeverIsToldOfACancellationMayWaitForTheRun(Fan fan) {
    Observed<Integer, Integer> task = new Observed<>(i -> Observed.untilInterrupted());
    Running<Integer> running = fan.start(Range.of(0, 100), task);
    CompletableFuture<Long> stillRunning = new CompletableFuture<>();
    Running<Integer> _ =
        running.onFailed(error -> {
          assertThatThrownBy(running::join).isInstanceOf(CancellationException.class);
          stillRunning.complete(task.running());
        });
    await().until(() -> task.running() > 0);

    running.cancel();

    assertThat(stillRunning.join()).isZero();
  }

  @OnEveryBackend
  void aTaskThatSwallowsTheInterruptDoesNotKeepTheRunGoing(Fan fan) {
    Observed<Integer, Integer> task =
        new Observed<>(i -> {
          try {
            return Observed.untilInterrupted();
          } catch (InterruptedException e) {
            return i;
          }
        });
    Running<Integer> running = fan.window(1).start(Range.of(0, 1_000), task);
    await().until(() -> task.running() > 0);

    running.cancel();

    assertThatThrownBy(running::join).isInstanceOf(CancellationException.class);
    assertThat(task.running()).isZero();
  }
}

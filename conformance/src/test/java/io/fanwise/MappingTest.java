package io.fanwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fanwise.Fans.OnEveryBackend;
import io.fanwise.Fans.OnSeveralWorkers;
import io.fanwise.Fans.OnWorkers;
import io.fanwise.shared.Shared;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Gatherer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A fan as a stage of a stream.
class MappingTest {

  @OnEveryBackend
  void resultsComeInTheOrderOfElements(Fan fan) {
    Stream<Integer> squares = IntStream.range(0, 3_000).boxed().gather(fan.mapping(i -> i * i));

    assertThat(squares)
        .containsExactlyElementsOf(IntStream.range(0, 3_000).mapToObj(i -> i * i).toList());
  }

  @OnEveryBackend
  void unorderedResultsAreAllThere(Fan fan) {
    Stream<Integer> results =
        IntStream.range(0, 3_000).boxed().gather(fan.unordered().mapping(i -> i));

    assertThat(results).containsExactlyInAnyOrderElementsOf(Range.of(0, 3_000));
  }

  @OnEveryBackend
  void stagesMayFollowOneAnother(Fan fan) {
    Stream<String> results =
        Stream.of(1, 2, 3)
            .gather(fan.mapping(i -> i + 1))
            .filter(i -> i != 3)
            .gather(fan.mapping(i -> "number " + i));

    assertThat(results).containsExactly("number 2", "number 4");
  }

  @OnEveryBackend
  void aGathererCanBeUsedManyTimes(Fan fan) {
    Gatherer<Integer, ?, Integer> doubling = fan.mapping(i -> 2 * i);

    assertThat(Stream.of(1, 2).gather(doubling)).containsExactly(2, 4);
    assertThat(Stream.of(3).gather(doubling)).containsExactly(6);
    assertThat(Stream.<Integer>empty().gather(doubling)).isEmpty();
  }

  @OnEveryBackend
  void anEndlessStreamIsReadNoFurtherThanTheWindow(Fan fan) {
    AtomicInteger read = new AtomicInteger();

    List<Integer> results =
        Stream.generate(read::getAndIncrement)
            .gather(fan.window(40).mapping(i -> i))
            .limit(100)
            .toList();

    assertThat(results).containsExactlyElementsOf(Range.of(0, 100));
    assertThat(read.get()).isBetween(100, 142);
  }

  @OnEveryBackend
  void anEndlessStreamIsBoundedByDefaultToo(Fan fan) {
    List<Integer> results =
        Stream.iterate(0, i -> i + 1).gather(fan.mapping(i -> i)).limit(5_000).toList();

    assertThat(results).containsExactlyElementsOf(Range.of(0, 5_000));
  }

  @OnSeveralWorkers
  void elementsAreWorkedOnAtTheSameTime(Fan fan) {
    var two = Shared.barrier(2);

    List<Integer> results =
        Stream.of(1, 2, 3, 4)
            .gather(
                fan.mapping(i -> {
                  two.await();
                  return i;
                }))
            .toList();

    assertThat(results).containsExactly(1, 2, 3, 4);
  }

  @OnEveryBackend
  void aFailureIsThrownAsTheVerbsDo(Fan fan) {
    Observed<Integer, Integer> task = new Observed<>(i -> 1 / (i - 700));

    assertThatThrownBy(
            () -> Stream.iterate(0, i -> i + 1).gather(fan.mapping(task)).forEach(i -> {}))
        .isInstanceOf(TaskFailed.class)
        .hasMessageContaining("input 700, 700");

    assertThat(task.running()).isZero();
  }

  @OnWorkers
  void whatStillRunsIsCancelledWhenNoMoreIsWanted(Fan fan) {
    Observed<Integer, Integer> task =
        new Observed<>(i -> i == 0 ? i : Observed.<Integer>untilInterrupted());

    assertThat(Stream.iterate(0, i -> i + 1).gather(fan.mapping(task)).limit(1).toList())
        .containsExactly(0);

    assertThat(task.running()).isZero();
    assertThat(fan.map(Range.of(0, 10), i -> i)).hasSize(10);
  }

  @OnWorkers
  void whatStillRunsIsCancelledWhenTheConsumerThrows(Fan fan) {
    Observed<Integer, Integer> task =
        new Observed<>(i -> i == 0 ? i : Observed.<Integer>untilInterrupted());
    var full = new IllegalStateException("full");

    assertThatThrownBy(() ->
            Stream.iterate(0, i -> i + 1)
                .gather(fan.mapping(task))
                .forEach(i -> {
                  throw full;
                }))
        .isSameAs(full);

    assertThat(task.running()).isZero();
  }

  @OnEveryBackend
  void elementsArePushedByTheThreadOfTheStream(Fan fan) {
    AtomicBoolean elsewhere = new AtomicBoolean();
    Thread here = Thread.currentThread();
    List<Integer> consumed = new ArrayList<>();

    IntStream.range(0, 1_000)
        .boxed()
        .peek(i -> elsewhere.compareAndSet(false, !here.equals(Thread.currentThread())))
        .gather(fan.mapping(i -> i))
        .forEach(consumed::add);

    assertThat(consumed).containsExactlyElementsOf(Range.of(0, 1_000));
    assertThat(elsewhere).isFalse();
  }

  @OnEveryBackend
  void aParallelStreamIsFine(Fan fan) {
    List<Integer> results =
        IntStream.range(0, 2_000).boxed().parallel().gather(fan.mapping(i -> i + 1)).toList();

    assertThat(results).containsExactlyElementsOf(Range.of(1, 2_001));
  }

  @OnEveryBackend
  void aNullElementIsRefused(Fan fan) {
    assertThatThrownBy(() -> Stream.of(1, null).gather(fan.mapping(i -> i)).toList())
        .isInstanceOf(NullPointerException.class)
        .hasMessage("an element is null; inputs must not be null, filter them out");
  }

  @OnEveryBackend
  void anInterruptOfTheStreamsThreadStopsIt(Fan fan) throws InterruptedException {
    Observed<Integer, Integer> task = new Observed<>(i -> Observed.untilInterrupted());
    AtomicBoolean cancelled = new AtomicBoolean();
    Thread thread =
        Thread.startVirtualThread(() -> {
          try {
            Stream.iterate(0, i -> i + 1).gather(fan.mapping(task)).forEach(i -> {});
          } catch (CancellationException e) {
            cancelled.set(Thread.currentThread().isInterrupted());
          }
        });

    await().until(() -> task.running() > 0);
    thread.interrupt();
    thread.join();

    assertThat(cancelled).isTrue();
    assertThat(task.running()).isZero();
  }
}

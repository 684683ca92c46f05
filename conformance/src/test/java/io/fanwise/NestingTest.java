package io.fanwise;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.Fans.InThisJvm;
import io.fanwise.Fans.OnEveryBackend;
import io.fanwise.shared.Shared;
import io.fanwise.shared.SharedLatch;
import io.fanwise.spi.Backend;
import io.fanwise.spi.Workers;
import io.fanwise.work.Outcome;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Runs inside tasks of runs: they never wait for each other, and never multiply workers.
class NestingTest {

  static Stream<Arguments> pairs() {
    return Fans.inThisJvm().stream()
        .flatMap(outer -> Fans.inThisJvm().stream().map(inner -> Arguments.of(outer, inner)));
  }

  @OnEveryBackend
  void aTaskMayRunOthersWhereverItLikes(Fan fan) {
    List<Integer> sums =
        fan.batch(1)
            .map(
                Range.of(0, 6),
                i ->
                    sum(
                        Fan.threads(2)
                            .map(
                                Range.of(0, 5),
                                j -> sum(Fan.out().map(Range.of(0, 4), k -> i + j + k)))));

    assertThat(sums).containsExactly(70, 90, 110, 130, 150, 170);
  }

  @ParameterizedTest
  @MethodSource("pairs") // a fan does not travel: tasks elsewhere make their own
  void threeDeepOnAnyTwoBackends(Backend outer, Backend inner) {
    try (Workers outside = outer.start();
        Workers inside = inner.start()) {
      Observed<Integer, Integer> innermost = new Observed<>(i -> i);
      Fan first = Fan.on(outside).batch(1);
      Fan second = Fan.on(inside).batch(1);

      List<Integer> sums =
          first.map(
              Range.of(0, 6),
              i ->
                  sum(
                      second.map(
                          Range.of(0, 5),
                          j -> sum(first.map(Range.of(0, 4), k -> i + j + innermost.run(k))))));

      assertThat(sums).containsExactly(70, 90, 110, 130, 150, 170);
      assertThat(innermost.most()).isBetween(1L, (long) outside.jobs() + inside.jobs());
    }
  }

  @InThisJvm // a fan does not travel: tasks elsewhere make their own
  void onTheWorkersItRunsOnANestedRunIsDoneInPlace(Fan fan) {
    List<Boolean> inPlace =
        fan.map(
            Range.of(0, 50),
            i -> {
              Thread outer = Thread.currentThread();
              return fan.map(Range.of(0, 20), j -> Thread.currentThread()).stream()
                  .allMatch(outer::equals);
            });

    assertThat(inPlace).hasSize(50).containsOnly(true);
  }

  @OnEveryBackend
  void insideATaskTheDefaultFanIsSequential(Fan fan) {
    List<Boolean> inPlace =
        fan.map(
            Range.of(0, 20),
            i -> {
              Thread outer = Thread.currentThread();
              return Fan.out().map(Range.of(0, 20), j -> Thread.currentThread()).stream()
                  .allMatch(outer::equals);
            });

    assertThat(inPlace).hasSize(20).containsOnly(true);
  }

  @ParameterizedTest
  @MethodSource("pairs") // a fan does not travel: tasks elsewhere make their own
  void runsThatNestInOppositeWaysDoNotWaitForEachOther(Backend one, Backend other)
      throws Exception {
    try (Workers left = one.start();
        Workers right = other.start()) {
      var bothAreIn = Shared.latch(left.jobs() + right.jobs());

      Running<Integer> leftFirst = nested(left, right, bothAreIn);
      Running<Integer> rightFirst = nested(right, left, bothAreIn);

      assertThat(leftFirst.get()).hasSize(left.jobs()).containsOnly(45);
      assertThat(rightFirst.get()).hasSize(right.jobs()).containsOnly(45);
    }
  }

  private static Running<Integer> nested(Workers outer, Workers inner, SharedLatch allAreIn) {
    return Fan.on(outer)
        .batch(1)
        .start(
            Range.of(0, outer.jobs()),
            i -> {
              allAreIn.countDown();
              allAreIn.await();
              return sum(Fan.on(inner).map(Range.of(0, 10), j -> j));
            });
  }

  @OnEveryBackend
  void aFailureDeepInsideComesOutWithEveryLevel(Fan fan) {
    assertThatThrownBy(() ->
            fan.map(
                List.of("a"),
                outer ->
                    Fan.out()
                        .map(
                            List.of("b"),
                            inner -> {
                              throw new IllegalStateException("deep inside");
                            })))
        .isInstanceOf(TaskFailed.class)
        .hasMessageContaining("input 0, a")
        .cause()
        .isInstanceOf(TaskFailed.class)
        .hasMessage("Task failed on input 0, b: IllegalStateException: deep inside")
        .cause()
        .isInstanceOf(IllegalStateException.class);
  }

  @InThisJvm // a fan does not travel: tasks elsewhere make their own
  void deepRecursionIsNoDeeperThanItsStack(Fan fan) {
    assertThat(depth(fan, 100)).isEqualTo(100);
  }

  private static int depth(Fan fan, int levels) {
    return levels == 0 ? 0 : 1 + fan.map(List.of(levels - 1), left -> depth(fan, left)).getFirst();
  }

  @InThisJvm // a fan does not travel: tasks elsewhere make their own
  void endlessRecursionEndsInAStackOverflow(Fan fan) {
    assertThatThrownBy(() -> endless(fan, 0))
        .satisfiesAnyOf(
            thrown -> assertThat(thrown).isInstanceOf(StackOverflowError.class),
            thrown -> assertThat(thrown).hasRootCauseInstanceOf(StackOverflowError.class));
    assertThat(fan.map(Range.of(0, 100), i -> i)).hasSize(100);
  }

  private static int endless(Fan fan, int depth) {
    return fan.map(List.of(depth), i -> endless(fan, i + 1)).getFirst();
  }

  @Test
  void anInnerRunMayBeStoppedByTheOuterOne() {
    Observed<Integer, Integer> innermost = new Observed<>(i -> Observed.untilInterrupted());
    var innerRuns = new CountDownLatch(1);

    assertThatThrownBy(() ->
            Fan.threads(2)
                .map(
                    Range.of(0, 2),
                    i -> {
                      if (i == 0) {
                        innerRuns.await();
                        throw new IllegalStateException("outer failure");
                      }
                      return Fan.virtualThreads(7)
                          .map(
                              Range.of(0, 20),
                              j -> {
                                innerRuns.countDown();
                                return innermost.run(j);
                              });
                    }))
        .isInstanceOf(TaskFailed.class)
        .hasRootCauseMessage("outer failure");

    assertThat(innermost.running()).isZero();
  }

  @OnEveryBackend
  void manyRunsAtOnceShareTheWarmWorkers(Fan fan) throws InterruptedException {
    AtomicInteger good = new AtomicInteger();
    List<Thread> callers =
        Stream.generate(() ->
                Thread.ofPlatform()
                    .daemon()
                    .start(() -> {
                      for (int run = 0; run < 10; run++) {
                        List<Integer> results = fan.map(Range.of(run, run + 300), i -> i);
                        if (results.equals(fan.stream(Range.of(run, run + 300), i -> i).toList())) {
                          good.incrementAndGet();
                        }
                      }
                    }))
            .limit(10)
            .toList();

    for (Thread caller : callers) {
      caller.join();
    }

    assertThat(good).hasValue(100);
  }

  private static int sum(List<Integer> numbers) {
    return numbers.stream().mapToInt(i -> i).sum();
  }

  @Test
  void aStreamMadeOutsideATaskCanBePulledInside() {
    Fan one = Fan.threads(1);

    List<List<Integer>> results =
        one.map(List.of(one.stream(Range.of(0, 5), i -> i)), Stream::toList);

    assertThat(results).containsExactly(List.of(0, 1, 2, 3, 4));
  }

  @Test
  void aTimeoutHitsTheTaskThatANestedCallerRunsItselfAndNoOther() throws Exception {
    try (Workers busy = Backend.named("threads", 1).start()) {
      CountDownLatch release = new CountDownLatch(1);
      Running<Boolean> innocent =
          Fan.on(busy).start(List.of(1), i -> release.await(20, TimeUnit.SECONDS));

      List<Outcome<Integer, Integer>> nested =
          Fan.threads(1)
              .map(
                  List.of(1),
                  i ->
                      Fan.on(busy)
                          .timeout(ofMillis(200))
                          .outcomes(List.of(i), x -> Observed.<Integer>untilInterrupted())
                          .peek(outcome -> release.countDown())
                          .toList())
              .getFirst();

      assertThat(nested).singleElement().isInstanceOf(Outcome.Failed.class);
      assertThat(innocent.get()).containsExactly(true);
    }
  }
}

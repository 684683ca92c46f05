package io.fanwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.Fans.InThisJvm;
import io.fanwise.Fans.OnEveryBackend;
import io.fanwise.Fans.OnSeveralWorkers;
import io.fanwise.shared.Shared;
import io.fanwise.shared.SharedQueue;
import io.fanwise.spi.Backend;
import io.fanwise.spi.Workers;
import io.fanwise.work.Outcome;
import io.fanwise.work.Task;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Which results come back, and in which order.
class OrderTest {

  @OnEveryBackend
  void resultsAreThoseOfAPlainLoop(Fan fan) {
    List<Integer> squares = fan.map(Range.of(0, 1_000), i -> i * i);

    assertThat(squares).isEqualTo(IntStream.range(0, 1_000).mapToObj(i -> i * i).toList());
  }

  @OnEveryBackend
  void inputsMayBeAnythingThatCanBeIterated(Fan fan) {
    List<Integer> inputs = List.of(3, 1, 2);

    assertThat(fan.map(inputs, i -> i + 1)).containsExactly(4, 2, 3);
    assertThat(fan.map(inputs.iterator(), i -> i + 1)).containsExactly(4, 2, 3);
    assertThat(fan.map(inputs.stream(), i -> i + 1)).containsExactly(4, 2, 3);
    assertThat(fan.map(inputs.parallelStream(), i -> i + 1)).containsExactly(4, 2, 3);
    assertThat(fan.stream(inputs, i -> i + 1)).containsExactly(4, 2, 3);
    assertThat(fan.stream(inputs.iterator(), i -> i + 1)).containsExactly(4, 2, 3);
    assertThat(fan.stream(inputs.stream(), i -> i + 1)).containsExactly(4, 2, 3);
  }

  @OnEveryBackend
  void outcomesTellWhatBecameOfEachInputAndWhoDidIt(Fan fan) {
    List<Outcome<String, Integer>> outcomes = new ArrayList<>();
    fan.outcomes(List.of("1", "two", "3"), Integer::parseInt).forEach(outcomes::add);

    assertThat(outcomes).extracting(Outcome::input).containsExactly("1", "two", "3");
    assertThat(outcomes).extracting(Outcome::index).containsExactly(0L, 1L, 2L);
    assertThat(outcomes).extracting(Outcome::attempts).containsOnly(1);
    assertThat(outcomes)
        .extracting(Outcome::worker)
        .allSatisfy(name -> assertThat(name).isNotEmpty());
    assertThat(outcomes).allSatisfy(one -> assertThat(one.duration()).isPositive());
    assertThat(outcomes.get(0))
        .isInstanceOfSatisfying(Outcome.Done.class, it -> assertThat(it.result()).isEqualTo(1));
    assertThat(outcomes.get(1))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            it -> assertThat(it.error()).isInstanceOf(NumberFormatException.class));
  }

  @OnEveryBackend
  void forEachDoesSomethingWithEveryInputOnce(Fan fan) throws InterruptedException {
    var seen = new Seen<Integer>();

    fan.forEach(Range.of(0, 5_000), seen::add);

    assertThat(seen.all()).containsExactlyInAnyOrderElementsOf(Range.of(0, 5_000));
  }

  @OnSeveralWorkers
  void resultsKeepTheOrderOfInputsWhateverFinishesFirst(Fan fan) {
    var others = Shared.latch(50);

    List<Integer> results =
        fan.map(
            Range.of(0, 51),
            i -> {
              if (i == 0) {
                others.await();
              }
              others.countDown();
              return i;
            });

    assertThat(results).containsExactlyElementsOf(Range.of(0, 51));
  }

  @OnSeveralWorkers
  void aSlowHeadDoesNotKeepTheOthersFromGoingOn(Fan fan) {
    var others = Shared.latch(150);

    Stream<Integer> results =
        fan.stream(
            Range.of(0, 200),
            i -> {
              if (i == 0) {
                others.await();
              }
              others.countDown();
              return i;
            });

    assertThat(results).containsExactlyElementsOf(Range.of(0, 200));
  }

  @OnSeveralWorkers
  void unorderedHandsOnWhatIsFinishedFirst(Fan fan) {
    var nineHandedOn = Shared.latch(9);
    List<Integer> order = new ArrayList<>();

    try (Stream<Integer> results =
        fan.unordered().stream(
            Range.of(0, 10),
            i -> {
              if (i == 1) {
                nineHandedOn.await();
              }
              return i;
            })) {
      results.forEach(i -> {
        order.add(i);
        nineHandedOn.countDown();
      });
    }

    assertThat(order).hasSize(10).endsWith(1).doesNotHaveDuplicates();
  }

  @OnEveryBackend
  void theSameComesOutHoweverItIsCutIntoBatches(Fan fan) {
    for (int inputs : new int[] {2, 25, 250}) {
      List<Integer> expected = IntStream.range(0, inputs).boxed().toList();
      for (int batch : new int[] {1, 7, 600}) {
        for (int window : new int[] {1, 13, 1_000}) {
          Fan cut = fan.batch(batch).window(window);
          assertThat(cut.map(expected, i -> i)).isEqualTo(expected);
          assertThat(cut.stream(expected.iterator(), i -> i)).isEqualTo(expected);
          assertThat(cut.unordered().stream(expected, i -> i))
              .containsExactlyInAnyOrderElementsOf(expected);
        }
      }
    }
  }

  @OnEveryBackend
  void noInputsNoResults(Fan fan) {
    Observed<Integer, Integer> task = new Observed<>(i -> i);

    assertThat(fan.map(List.of(), task)).isEmpty();
    assertThat(fan.map(Collections.<Integer>emptyIterator(), task)).isEmpty();
    assertThat(fan.stream(Stream.<Integer>empty(), task)).isEmpty();
    assertThat(fan.outcomes(Range.of(0, 0), task)).isEmpty();
    assertThat(task.begun()).isZero();
  }

  @OnEveryBackend
  void oneInputIsEnoughForManyWorkers(Fan fan) {
    assertThat(fan.map(List.of("one"), String::length)).containsExactly(3);
  }

  @OnEveryBackend
  void aFanCanBeUsedAgainAndAgain(Fan fan) {
    for (int run = 0; run < 100; run++) {
      assertThat(fan.map(List.of(run), i -> i)).containsExactly(run);
    }
  }

  @OnEveryBackend
  void runsCanBeReadInTurnsOnTheSameWorkers(Fan fan) {
    try (Stream<Integer> evens = fan.stream(Range.of(0, 500), i -> 2 * i);
        Stream<Integer> odds = fan.stream(Range.of(0, 500), i -> 2 * i + 1)) {
      Iterator<Integer> even = evens.iterator();
      Iterator<Integer> odd = odds.iterator();
      for (int i = 0; i < 500; i++) {
        assertThat(even.next()).isEqualTo(2 * i);
        assertThat(odd.next()).isEqualTo(2 * i + 1);
      }
      assertThat(even.hasNext()).isFalse();
      assertThat(odd.hasNext()).isFalse();
    }
  }

  @OnEveryBackend
  void differentFunctionsRunTogetherAsTasks(Fan fan) {
    List<Task<Integer, String>> tasks = List.of(i -> "a", i -> "b" + i, String::valueOf);

    List<String> results = fan.map(tasks, task -> task.run(1));

    assertThat(results).containsExactly("a", "b1", "1");
  }

  @InThisJvm // a lambda of a type that is not serializable does not travel as an input
  void differentFunctionsRunTogetherAsCallables(Fan fan) {
    List<Callable<String>> callables = List.of(() -> "a", () -> "b" + 1, () -> String.valueOf(2.5));

    List<String> results = fan.map(callables, Callable::call);

    assertThat(results).containsExactly("a", "b1", "2.5");
  }

  @OnEveryBackend
  void aListOfResultsIsNotToBeModified(Fan fan) {
    List<Integer> results = fan.map(List.of(1, 2), i -> i);

    assertThatThrownBy(() -> results.set(0, 5)).isInstanceOf(UnsupportedOperationException.class);
  }

  @OnEveryBackend
  void whatWasAddedBeforeTheFirstPullIsNotLost(Fan fan) {
    List<Integer> inputs = new ArrayList<>(List.of(1, 2));
    Stream<Integer> results = fan.stream(inputs, i -> 10 * i);

    inputs.add(3);

    assertThat(results).containsExactly(10, 20, 30);
  }

  @OnEveryBackend
  void whatTasksAddToAQueueIsNotLost(Fan fan) throws InterruptedException {
    SharedQueue<Integer> queue = Shared.queue(6);
    for (int i = 1; i <= 3; i++) {
      queue.put(i);
    }
    Fan oneByOne = fan.window(1);

    List<Integer> results =
        oneByOne.map(
            queue,
            i -> {
              if (i < 10) {
                queue.put(i + 10);
              }
              if (i == 13) {
                queue.close();
              }
              return i;
            });

    assertThat(results).containsExactly(1, 2, 3, 11, 12, 13);
  }

  @ParameterizedTest
  @MethodSource("io.fanwise.Fans#withWorkers")
  void asManyInputsAsThereAreJobsAreWorkedOnAtTheSameTime(Backend backend) {
    try (Workers workers = backend.start()) {
      int jobs = workers.jobs();
      var barrier = Shared.barrier(jobs);

      List<Integer> results =
          Fan.on(workers)
              .map(
                  Range.of(0, 3 * jobs),
                  i -> {
                    barrier.await();
                    return i;
                  });

      assertThat(results).hasSize(3 * jobs);
    }
  }

  @ParameterizedTest
  @MethodSource("io.fanwise.Fans#backends")
  void neverMoreInputsThanJobsAreWorkedOnAtTheSameTime(Backend backend) {
    try (Workers workers = backend.start()) {
      Observed<Integer, Integer> task = new Observed<>(i -> i);

      assertThat(Fan.on(workers).map(Range.of(0, 2_000), task)).hasSize(2_000);

      assertThat(task.most()).isBetween(1L, (long) workers.jobs());
    }
  }
}

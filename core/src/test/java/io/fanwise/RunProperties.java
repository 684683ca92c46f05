package io.fanwise;

import static java.time.Duration.ZERO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.fanwise.work.Failure;
import io.fanwise.work.Outcome;
import io.fanwise.work.Task;
import io.fanwise.work.WorkerLost;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/// What holds for a run whatever its workers finish first, with puppets in their place. Nothing
/// here has a thread: the test pulls without waiting, and when nothing is ready lets a puppet
/// finish.
class RunProperties {
  private static final Task<Integer, Integer> TENFOLD = i -> 10 * i;

  @Property(tries = 600)
  void resultsKeepTheOrderOfInputsWhateverFinishesFirst(
      @ForAll @IntRange(max = 300) int inputs,
      @ForAll @IntRange(min = 1, max = 8) int jobs,
      @ForAll @IntRange(max = 20) int batch,
      @ForAll long seed) {
    Stage stage =
        new Stage(inputs, jobs, recipe -> batch == 0 ? recipe : recipe.batch(batch), seed);
    Run run = stage.run(TENFOLD, Pull.Failures.END_THE_RUN);

    List<Object> results = stage.playToTheEnd(run, Puppets::runOne);

    assertThat(results).isEqualTo(IntStream.range(0, inputs).mapToObj(i -> 10 * i).toList());
    stage.assertNothingIsLeft(run);
  }

  @Property(tries = 600)
  void unorderedResultsAreTheSameOnesInAnyOrder(
      @ForAll @IntRange(max = 300) int inputs,
      @ForAll @IntRange(min = 1, max = 8) int jobs,
      @ForAll long seed) {
    Stage stage = new Stage(inputs, jobs, Recipe::unordered, seed);
    Run run = stage.run(TENFOLD, Pull.Failures.END_THE_RUN);

    List<Object> results =
        stage.playToTheEnd(run, puppets -> puppets.bringOne(RunProperties::tenfold));

    assertThat(results)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, inputs).mapToObj(i -> (Object) (10 * i)).toList());
    stage.assertNothingIsLeft(run);
  }

  @Property(tries = 600)
  void reachingTheEndTakesEveryInputOnceThoughBatchesComeBackInParts(
      @ForAll @IntRange(max = 300) int inputs,
      @ForAll @IntRange(min = 1, max = 8) int jobs,
      @ForAll @IntRange(max = 20) int batch,
      @ForAll long seed) {
    Stage stage =
        new Stage(inputs, jobs, recipe -> batch == 0 ? recipe : recipe.batch(batch), seed);
    Run run = stage.run(TENFOLD, Pull.Failures.END_THE_RUN);
    Map<Object, Integer> brought = new HashMap<>();

    List<Object> results =
        stage.playToTheEnd(
            run,
            puppets ->
                puppets.bringOne(input -> {
                  brought.merge(input, 1, Integer::sum);
                  return tenfold(input);
                }));

    assertThat(results).isEqualTo(IntStream.range(0, inputs).mapToObj(i -> 10 * i).toList());
    assertThat(brought).hasSize(inputs);
    assertThat(brought.values()).allMatch(times -> times == 1);
    stage.assertNothingIsLeft(run);
  }

  @Property(tries = 600)
  void neitherTheWindowNorTheNumberOfCallsIsExceeded(
      @ForAll @IntRange(max = 300) int inputs,
      @ForAll @IntRange(min = 1, max = 8) int jobs,
      @ForAll @IntRange(min = 1, max = 40) int window,
      @ForAll boolean ordered,
      @ForAll long seed) {
    Stage stage =
        new Stage(
            inputs, jobs, recipe -> (ordered ? recipe : recipe.unordered()).window(window), seed);
    Run run = stage.run(TENFOLD, Pull.Failures.END_THE_RUN);

    List<Object> results =
        stage.playToTheEnd(run, puppets -> puppets.bringOne(RunProperties::tenfold));

    assertThat(results).hasSize(inputs);
    assertThat(stage.mostAhead).isLessThanOrEqualTo(window);
    assertThat(stage.puppets.mostWaiting()).isLessThanOrEqualTo(jobs + stage.puppets.prefetch());
  }

  @Property(tries = 600)
  void whileTheNumberOfCallsAdaptsNoneWaitsForAWorker(
      @ForAll @IntRange(max = 300) int inputs,
      @ForAll @IntRange(min = 1, max = 40) int jobs,
      @ForAll @IntRange(min = 1, max = 40) int least,
      @ForAll boolean ordered,
      @ForAll long seed) {
    Stage stage =
        new Stage(
            inputs, jobs, recipe -> (ordered ? recipe : recipe.unordered()).adaptive(least), seed);
    Run run = stage.run(TENFOLD, Pull.Failures.END_THE_RUN);

    List<Object> results =
        stage.playToTheEnd(run, puppets -> puppets.bringOne(RunProperties::tenfold));

    assertThat(results)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, inputs).mapToObj(i -> (Object) (10 * i)).toList());
    assertThat(stage.puppets.mostWaiting()).isLessThanOrEqualTo(jobs);
    stage.assertNothingIsLeft(run);
  }

  @Property(tries = 600)
  void everyInputIsTriedAsOftenAsItTakesAndNoMore(
      @ForAll @IntRange(max = 200) int inputs,
      @ForAll @IntRange(min = 1, max = 8) int jobs,
      @ForAll @IntRange(max = 10) int batch,
      @ForAll @IntRange(max = 4) int retries,
      @ForAll long seed) {
    Retry policy = Retry.times(retries).backoff(ZERO, ZERO);
    Stage stage =
        new Stage(
            inputs,
            jobs,
            recipe -> (batch == 0 ? recipe : recipe.batch(batch)).retry(policy),
            seed);
    int[] failures = new Random(seed).ints(inputs, 0, 6).toArray();
    Map<Integer, Integer> attempts = new HashMap<>();
    Task<Integer, Integer> task =
        i -> {
          if (attempts.merge(i, 1, Integer::sum) <= failures[i]) {
            throw new IOException("down");
          }
          return 10 * i;
        };
    Run run = stage.run(task, Pull.Failures.ARE_OUTCOMES);

    List<Object> results = stage.playToTheEnd(run, Puppets::runOne);

    assertThat(results).hasSize(inputs);
    for (int i = 0; i < inputs; i++) {
      Outcome<?, ?> outcome = (Outcome<?, ?>) results.get(i);
      int expected = Math.min(failures[i], retries) + 1;
      assertThat(outcome.input()).isEqualTo(i);
      assertThat(outcome.index()).isEqualTo(i);
      assertThat(outcome.attempts()).isEqualTo(expected);
      assertThat(attempts.get(i)).isEqualTo(expected);
      if (failures[i] <= retries) {
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
      } else {
        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
      }
    }
    stage.assertNothingIsLeft(run);
  }

  @Property(tries = 600)
  void closingAtAnyMomentLeavesNothing(
      @ForAll @IntRange(min = 1, max = 300) int inputs,
      @ForAll @IntRange(min = 1, max = 8) int jobs,
      @ForAll @IntRange(max = 200) int steps,
      @ForAll long seed) {
    Stage stage = new Stage(inputs, jobs, recipe -> recipe, seed);
    Run run = stage.run(TENFOLD, Pull.Failures.END_THE_RUN);
    boolean ended = false;
    for (int i = 0; i < steps && !ended; i++) {
      ended = !stage.play(run, puppets -> puppets.bringOne(RunProperties::tenfold));
    }

    int submitted = stage.puppets.submitted();
    run.close();
    run.close();

    stage.assertNothingIsLeft(run);
    assertThat(stage.puppets.submitted()).isEqualTo(submitted);
    if (ended) {
      assertThat(run.next()).isNull();
    } else {
      assertThatThrownBy(run::next).isInstanceOf(CancellationException.class);
    }
  }

  @Property(tries = 600)
  void anInterruptAtAnyMomentLeavesNothing(
      @ForAll @IntRange(min = 1, max = 300) int inputs,
      @ForAll @IntRange(min = 1, max = 8) int jobs,
      @ForAll @IntRange(max = 200) int steps,
      @ForAll long seed) {
    Stage stage = new Stage(inputs, jobs, recipe -> recipe, seed);
    Run run = stage.run(TENFOLD, Pull.Failures.END_THE_RUN);
    boolean ended = false;
    for (int i = 0; i < steps && !ended; i++) {
      ended = !stage.play(run, Puppets::runOne);
    }
    if (ended) {
      return;
    }

    Thread.currentThread().interrupt();
    assertThatThrownBy(run::next).isInstanceOf(CancellationException.class);

    assertThat(Thread.interrupted()).isTrue();
    stage.assertNothingIsLeft(run);
  }

  @Property(tries = 600)
  void everyFailureThatWasCountedIsHandedOnOrGoesWithWhatEndsTheRun(
      @ForAll @IntRange(min = 1, max = 300) int inputs,
      @ForAll @IntRange(min = 1, max = 8) int jobs,
      @ForAll @IntRange(max = 200) int steps,
      @ForAll boolean ordered,
      @ForAll long seed) {
    List<Progress> snapshots = new ArrayList<>();
    Stage stage =
        new Stage(
            inputs,
            jobs,
            recipe -> (ordered ? recipe : recipe.unordered()).progress(snapshots::add),
            seed);
    Run run = stage.run(TENFOLD, Pull.Failures.ARE_OUTCOMES);
    boolean ended = false;
    for (int i = 0; i < steps && !ended; i++) {
      ended = !stage.play(run, puppets -> puppets.bringOne(RunProperties::lostIfOdd));
    }
    if (ended) {
      return;
    }

    Thread.currentThread().interrupt();
    Throwable end = catchThrowable(run::next);
    Thread.interrupted();

    Stream<Object> told =
        stage.handedOn.stream()
            .filter(Outcome.Failed.class::isInstance)
            .map(outcome -> ((Outcome<?, ?>) outcome).input());
    Stream<Object> suppressed =
        Arrays.stream(end.getSuppressed()).map(failed -> ((TaskFailed) failed).input());
    List<Object> all = Stream.concat(told, suppressed).toList();
    assertThat(all).doesNotHaveDuplicates().allMatch(input -> (Integer) input % 2 == 1);
    assertThat(all).hasSize((int) snapshots.getLast().failed());
    stage.assertNothingIsLeft(run);
  }

  private static Object lostIfOdd(Object input) {
    return (Integer) input % 2 == 0
        ? tenfold(input)
        : new Failure(new WorkerLost("far away", 3, List.of(), null));
  }

  @Property(tries = 600)
  void whatHadFinishedWhenAnInputFailedIsHandedOnOrHandedOver(
      @ForAll @IntRange(min = 1, max = 200) int inputs,
      @ForAll @IntRange(min = 1, max = 8) int jobs,
      @ForAll @IntRange(max = 10) int batch,
      @ForAll boolean ordered,
      @ForAll long seed) {
    Stage stage =
        new Stage(
            inputs,
            jobs,
            recipe -> {
              Recipe how = batch == 0 ? recipe : recipe.batch(batch);
              return ordered ? how : how.unordered();
            },
            seed);
    int bad = new Random(seed).nextInt(inputs);
    Run run = stage.run(TENFOLD, Pull.Failures.END_THE_RUN);
    Map<Object, Object> finished = new HashMap<>();
    List<TaskFailed> thrown = new ArrayList<>();

    try {
      stage.playToTheEnd(
          run,
          puppets ->
              puppets.bringOne(input -> {
                if (input.equals(bad)) {
                  return new Failure(new IOException("bad input"));
                }
                finished.put(input, tenfold(input));
                return finished.get(input);
              }));
    } catch (TaskFailed failed) {
      thrown.add(failed);
    }

    assertThat(thrown).hasSize(1);
    assertThat(thrown.getFirst().index()).isEqualTo(bad);
    List<Object> accountedFor = new ArrayList<>(thrown.getFirst().results().values());
    accountedFor.addAll(stage.handedOn);
    assertThat(accountedFor).containsExactlyInAnyOrderElementsOf(finished.values());
    stage.assertNothingIsLeft(run);
  }

  @Property(tries = 600)
  void inputsThatBreakAtAnyPlaceLeaveNothing(
      @ForAll @IntRange(min = 1, max = 200) int inputs,
      @ForAll @IntRange(min = 1, max = 8) int jobs,
      @ForAll long seed) {
    int broken = new Random(seed).nextInt(inputs);
    Stage stage = new Stage(inputs, jobs, recipe -> recipe, seed);
    stage.breakAt = broken;
    Run run = stage.run(TENFOLD, Pull.Failures.END_THE_RUN);

    assertThatThrownBy(
            () -> stage.playToTheEnd(run, puppets -> puppets.bringOne(RunProperties::tenfold)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("broken at " + broken);

    stage.assertNothingIsLeft(run);
    assertThatThrownBy(run::next).hasMessage("broken at " + broken);
  }

  private static Object tenfold(Object input) {
    return 10 * (Integer) input;
  }

  /// A run on puppets, its inputs, and what came out of it so far.
  private static final class Stage {
    private final Puppets puppets;
    private final Recipe recipe;
    private final Source source;
    private final Random random;
    private final List<Object> handedOn = new ArrayList<>();
    private int read;
    private int mostAhead;
    private int breakAt = -1;
    private boolean sourceClosed;

    Stage(int inputs, int jobs, UnaryOperator<Recipe> how, long seed) {
      random = new Random(seed);
      puppets = new Puppets(jobs, random.nextInt(jobs + 1) + (jobs == 1 ? 1 : 0), random);
      recipe = how.apply(Recipe.on(() -> puppets));
      Stream<Integer> numbers =
          IntStream.range(0, inputs).peek(this::reading).boxed().onClose(() -> sourceClosed = true);
      source = Source.of(numbers);
    }

    private void reading(int input) {
      if (input == breakAt) {
        throw new IllegalStateException("broken at " + input);
      }
      read++;
      mostAhead = Math.max(mostAhead, read - handedOn.size());
    }

    Run run(Task<Integer, Integer> task, Pull.Failures failures) {
      return new Run(
          recipe,
          puppets,
          Ambient.current().on(puppets),
          task,
          source,
          failures,
          false,
          Optional::of,
          random);
    }

    List<Object> playToTheEnd(Run run, Consumer<Puppets> finishOne) {
      while (play(run, finishOne)) {
        assertThat(puppets.submitted()).as("calls").isLessThan(100_000);
      }
      return handedOn;
    }

    /// Pulls once, without waiting; if nothing came, a puppet finishes something. False at the end.
    boolean play(Run run, Consumer<Puppets> finishOne) {
      Pull.Results results = run.next(() -> true);
      if (results != null) {
        handedOn.addAll(List.of(results.values()));
        return true;
      }
      if (puppets.idle()) {
        return !sourceClosed; // otherwise it waits for a moment, before it tries again
      }
      int some = 1 + random.nextInt(3);
      for (int i = 0; i < some && !puppets.idle(); i++) {
        finishOne.accept(puppets);
      }
      return true;
    }

    void assertNothingIsLeft(Run run) {
      assertThat(run.flight().size()).as("in flight").isZero();
      assertThat(puppets.idle()).as("nothing waits").isTrue();
      assertThat(sourceClosed).as("source closed").isTrue();
    }
  }
}

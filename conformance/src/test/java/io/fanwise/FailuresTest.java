package io.fanwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fanwise.Fans.InThisJvm;
import io.fanwise.Fans.OnEveryBackend;
import io.fanwise.Fans.OnSeveralWorkers;
import io.fanwise.Fans.OnWorkers;
import io.fanwise.shared.Shared;
import io.fanwise.shared.SharedEvent;
import io.fanwise.work.Action;
import io.fanwise.work.Outcome;
import io.fanwise.work.Task;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What is thrown when a task fails, and what is not lost then.
class FailuresTest {

  @OnEveryBackend
  void aFailureSaysWhichInputItWasAndKeepsTheExceptionOfTheTask(Fan fan) {
    TaskFailed failed =
        catchThrowableOfType(
            TaskFailed.class,
            () ->
                fan.map(
                    Range.of(100, 130),
                    i -> {
                      if (i == 107) {
                        throw new IOException("no route to host");
                      }
                      return i;
                    }));

    assertThat(failed).hasMessage("Task failed on input 7, 107: IOException: no route to host");
    assertThat(failed).cause().isInstanceOf(IOException.class).hasMessage("no route to host");
    assertThat(failed.input()).isEqualTo(107);
    assertThat(failed.index()).isEqualTo(7);
    assertThat(failed.attempts()).isEqualTo(1);
    assertThat(failed.worker()).isNotEmpty();
    assertThat(failed.getSuppressed()).isEmpty();
  }

  @InThisJvm // elsewhere it is a copy
  void theCauseIsTheVeryExceptionThatWasThrown(Fan fan) {
    var cause = new IOException("no route to host");

    TaskFailed failed =
        catchThrowableOfType(
            TaskFailed.class,
            () ->
                fan.map(
                    List.of(1),
                    i -> {
                      throw cause;
                    }));

    assertThat(failed).cause().isSameAs(cause);
  }

  @OnEveryBackend
  void theStackTraceOfTheTaskIsWhole(Fan fan) {
    TaskFailed failed =
        catchThrowableOfType(TaskFailed.class, () -> fan.map(List.of(0), FailuresTest::refuse));

    assertThat(failed).cause().isInstanceOf(IllegalArgumentException.class);
    assertThat(failed.getCause().getStackTrace()[0].getMethodName()).isEqualTo("refuse");
  }

  @OnEveryBackend
  void aFanIsAsGoodAsNewAfterAFailure(Fan fan) {
    for (int run = 0; run < 20; run++) {
      assertThatThrownBy(() -> fan.map(Range.of(0, 50), FailuresTest::oneBy))
          .isInstanceOf(TaskFailed.class);
      assertThat(fan.map(Range.of(0, 50), i -> i)).containsExactlyElementsOf(Range.of(0, 50));
    }
  }

  @OnEveryBackend
  void everyVerbThrowsIt(Fan fan) {
    assertThatThrownBy(() -> fan.map(Range.of(0, 3), FailuresTest::oneBy))
        .isInstanceOf(TaskFailed.class);
    assertThatThrownBy(() -> fan.forEach(Range.of(0, 3), FailuresTest::oneBy))
        .isInstanceOf(TaskFailed.class);
    assertThatThrownBy(() -> fan.stream(Range.of(0, 3), FailuresTest::oneBy).toList())
        .isInstanceOf(TaskFailed.class);
    assertThatThrownBy(() -> Stream.of(0, 1).gather(fan.mapping(FailuresTest::oneBy)).toList())
        .isInstanceOf(TaskFailed.class);
    assertThatThrownBy(() -> fan.start(Range.of(0, 3), FailuresTest::oneBy).join())
        .isInstanceOf(TaskFailed.class);
  }

  @OnSeveralWorkers
  void aFailureIsThrownAtOnceEvenBehindASlowHead(Fan fan) {
    SharedEvent headWasInterrupted = Shared.event();
    var headRuns = Shared.latch(1);
    Task<Integer, Integer> task =
        i -> {
          if (i == 0) {
            headRuns.countDown();
            try {
              return Observed.untilInterrupted();
            } catch (InterruptedException e) {
              headWasInterrupted.set();
              throw e;
            }
          }
          headRuns.await();
          throw new IllegalStateException("bad input");
        };

    assertThatThrownBy(() -> fan.stream(Range.of(0, 100), task).toList())
        .isInstanceOf(TaskFailed.class)
        .hasRootCauseMessage("bad input");

    assertThat(headWasInterrupted.isSet()).isTrue();
  }

  @OnEveryBackend
  void whenAFailureIsThrownNothingRunsAndNothingWillBegin(Fan fan) {
    Observed<Integer, Integer> task =
        new Observed<>(i -> {
          if (i == 3) {
            throw new IllegalStateException("bad input");
          }
          return i < 3 ? i : Observed.<Integer>untilInterrupted();
        });

    assertThatThrownBy(() -> fan.map(Range.of(0, 1_000), task)).isInstanceOf(TaskFailed.class);

    long begun = task.begun();
    assertThat(task.running()).isZero();
    assertThat(fan.map(Range.of(0, 1_000), i -> i)).hasSize(1_000);
    assertThat(task.begun()).isEqualTo(begun);
  }

  @OnSeveralWorkers
  void otherFailuresAreSuppressedOnes(Fan fan) {
    var bothRun = Shared.barrier(2);
    Task<Integer, Integer> task =
        i -> {
          bothRun.await();
          throw new IllegalStateException("bad input " + i);
        };

    TaskFailed failed =
        catchThrowableOfType(TaskFailed.class, () -> fan.batch(1).map(List.of(0, 1), task));

    assertThat(failed.getSuppressed()).hasSize(1);
    assertThat(failed.getSuppressed()[0]).isInstanceOf(TaskFailed.class);
    assertThat(failed).cause().hasMessage("bad input " + failed.input());
    assertThat(failed.getSuppressed()[0]).cause().hasMessage("bad input " + (1 - failed.index()));
  }

  @OnEveryBackend
  void whatWasFinishedIsHandedOverWithTheFailure(Fan fan) {
    var others = Shared.latch(10);
    Task<Integer, String> task =
        i -> {
          if (i == 10) {
            others.await();
            throw new IllegalStateException("bad input");
          }
          others.countDown();
          return "result " + i;
        };
    Fan oneByOne = fan.batch(1);

    TaskFailed failed =
        catchThrowableOfType(TaskFailed.class, () -> oneByOne.map(Range.of(0, 11), task));

    assertThat(failed.results()).hasSize(10);
    assertThat(failed.results().keySet()).containsExactlyElementsOf(Range.of(0L, 10L));
    assertThat(failed.results()).containsEntry(0L, "result 0").containsEntry(9L, "result 9");
  }

  @OnEveryBackend
  void whatWasFinishedInTheBatchOfTheFailureIsHandedOverToo(Fan fan) {
    TaskFailed failed =
        catchThrowableOfType(
            TaskFailed.class, () -> fan.batch(10).map(Range.of(-5, 5), FailuresTest::oneBy));

    assertThat(failed.index()).isEqualTo(5);
    assertThat(failed.results().keySet()).containsExactly(0L, 1L, 2L, 3L, 4L);
  }

  @OnEveryBackend
  void aStreamHandsOverWhatItHadNotHandedOn(Fan fan) {
    List<Integer> handedOn = new ArrayList<>();
    Stream<Integer> results = fan.batch(1).window(5).stream(Range.of(-20, 20), FailuresTest::oneBy);

    TaskFailed failed =
        catchThrowableOfType(TaskFailed.class, () -> results.forEach(handedOn::add));

    assertThat(failed.index()).isEqualTo(20);
    assertThat(failed.results().keySet())
        .doesNotContainAnyElementsOf(Range.of(0L, (long) handedOn.size()));
    assertThat(failed.results().keySet()).allMatch(index -> index < 40 && index != 20);
  }

  @OnEveryBackend
  void readingOnAfterAFailureThrowsItAgain(Fan fan) {
    var results = fan.stream(Range.of(0, 10), FailuresTest::oneBy).iterator();

    TaskFailed failed = catchThrowableOfType(TaskFailed.class, results::hasNext);

    assertThatThrownBy(results::hasNext).isSameAs(failed);
  }

  @OnEveryBackend
  void outcomesGoOnBehindFailures(Fan fan) {
    List<Outcome<Integer, Integer>> outcomes =
        fan.outcomes(Range.of(-500, 500), FailuresTest::oneBy).toList();

    assertThat(outcomes).hasSize(1_000);
    assertThat(outcomes).extracting(Outcome::index).containsExactlyElementsOf(Range.of(0L, 1_000L));
    assertThat(outcomes.stream().filter(Outcome.Failed.class::isInstance))
        .singleElement()
        .satisfies(one -> assertThat(one.input()).isZero());
  }

  @OnEveryBackend
  void errorsOfATaskAreFailuresLikeAnyOther(Fan fan) {
    List<Task<Integer, Integer>> tasks =
        List.of(
            FailuresTest::endless,
            i -> new long[Integer.MAX_VALUE].length,
            i -> {
              throw new OutOfMemoryError("none left");
            },
            i -> {
              throw new AssertionError("not as expected");
            },
            i -> {
              throw new NoClassDefFoundError("com/acme/Missing");
            });

    List<Outcome<Task<Integer, Integer>, Integer>> outcomes =
        fan.outcomes(tasks, task -> task.run(1)).toList();

    assertThat(outcomes)
        .extracting(outcome -> ((Outcome.Failed<?, ?>) outcome).error().getClass().getSimpleName())
        .containsExactly(
            "StackOverflowError",
            "OutOfMemoryError",
            "OutOfMemoryError",
            "AssertionError",
            "NoClassDefFoundError");
    assertThatThrownBy(() -> fan.map(List.of(1), FailuresTest::endless))
        .isInstanceOf(TaskFailed.class)
        .hasCauseInstanceOf(StackOverflowError.class);
    assertThat(fan.map(Range.of(0, 100), i -> i)).hasSize(100);
  }

  @OnEveryBackend
  void aNullResultIsRefusedWithAWordOnWhatToDo(Fan fan) {
    var holes = new ConcurrentHashMap<Integer, String>();

    assertThatThrownBy(() -> fan.map(List.of(1, 2), holes::get))
        .isInstanceOf(TaskFailed.class)
        .cause()
        .isInstanceOf(NullPointerException.class)
        .hasMessageStartingWith("the task returned null; results must not be null.");
  }

  @OnEveryBackend
  void nullIsRefusedAtTheDoor(Fan fan) {
    Task<Object, Object> noTask = null;
    Action<Object> noAction = null;

    assertThatThrownBy(() -> fan.map(List.of(1), noTask)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> fan.stream(List.of(1), noTask))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> fan.forEach(List.of(1), noAction))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> fan.start(List.of(1), noTask))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> fan.mapping(noTask)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> fan.stream((Iterable<Integer>) null, i -> i))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> fan.stream((Stream<Integer>) null, i -> i))
        .isInstanceOf(NullPointerException.class);
  }

  @OnWorkers
  void anInterruptedExceptionThatNobodyCausedIsAFailureLikeAnyOther(Fan fan) {
    List<Outcome<Integer, Integer>> outcomes =
        fan.outcomes(
                Range.of(0, 10),
                i -> {
                  if (i == 4) {
                    throw new InterruptedException("by the task itself");
                  }
                  return i;
                })
            .toList();

    assertThat(outcomes).hasSize(10);
    assertThat(outcomes.get(4)).isInstanceOf(Outcome.Failed.class);
    assertThat(outcomes.stream().filter(Outcome.Failed.class::isInstance)).hasSize(1);
  }

  @OnEveryBackend
  void aCancellationThatIsNotOursIsAFailureLikeAnyOther(Fan fan) {
    List<Outcome<Integer, Integer>> outcomes =
        fan.outcomes(
                Range.of(0, 10),
                i -> {
                  if (i == 4) {
                    throw new CancellationException("a future of the task was cancelled");
                  }
                  return i;
                })
            .toList();

    assertThat(outcomes).hasSize(10);
    assertThat(outcomes.get(4)).isInstanceOf(Outcome.Failed.class);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @OnWorkers
  void anInterruptThatATaskLeavesBehindDoesNotReachTheNext(Fan fan) {
    List<Boolean> interrupted =
        fan.map(
            Range.of(0, 2_000),
            i -> {
              boolean before = Thread.currentThread().isInterrupted();
              Thread.currentThread().interrupt();
              return before;
            });

    assertThat(interrupted).containsOnly(false);
  }

  @OnEveryBackend
  void oddExceptionsArriveAllTheSame(Fan fan) {
    var chicken = new IllegalStateException("chicken");
    var egg = new IllegalArgumentException("egg", chicken);
    chicken.initCause(egg);

    for (RuntimeException odd :
        List.of(egg, new Speechless(), new Causeless(), new RuntimeException())) {
      TaskFailed failed =
          catchThrowableOfType(
              TaskFailed.class,
              () ->
                  fan.map(
                      List.of(1),
                      i -> {
                        throw odd;
                      }));

      assertThat((Object) failed.getCause().getClass()).isEqualTo(odd.getClass());
    }
  }

  private static final class Speechless extends RuntimeException {
    private static final long serialVersionUID = 1;

    @Override
    public String getMessage() {
      throw new IllegalStateException("speechless");
    }
  }

  private static final class Causeless extends RuntimeException {
    private static final long serialVersionUID = 1;

    @Override
    public synchronized Throwable getCause() {
      throw new IllegalStateException("do not ask");
    }
  }

  @Test
  void anInputInAMessageIsShortAndOnOneLine() {
    assertThat(messageFor("first\nsecond"))
        .isEqualTo("Task failed on input 0, first⏎second: IOException: no");
    assertThat(messageFor("x".repeat(5_000))).hasSizeLessThan(200).contains("xxx…: IOException");
    assertThat(
            messageFor(
                new Object() {
                  @Override
                  public String toString() {
                    throw new IllegalStateException("not now");
                  }
                }))
        .contains("its toString threw java.lang.IllegalStateException");
  }

  private static String messageFor(Object input) {
    return catchThrowableOfType(
            TaskFailed.class,
            () ->
                Fan.sequential()
                    .map(
                        List.of(input),
                        any -> {
                          throw new IOException("no");
                        }))
        .getMessage();
  }

  private static int refuse(int i) {
    throw new IllegalArgumentException("refused: " + i);
  }

  private static int oneBy(int i) {
    return 1 / i;
  }

  @SuppressWarnings("InfiniteRecursion") // that is what it is for
  private static int endless(int depth) {
    return endless(depth + 1) + 1;
  }

  @OnEveryBackend
  void inputsWhoseToStringIsOddAreNamedAllTheSame(Fan fan) {
    assertThatThrownBy(() ->
            fan.map(
                List.of(new Nameless()),
                i -> {
                  throw new IOException("gone");
                }))
        .isInstanceOf(TaskFailed.class)
        .hasMessageContaining("its toString threw java.lang.AssertionError")
        .hasCauseInstanceOf(IOException.class);
  }

  private record Nameless() implements Serializable {
    @Override
    public String toString() {
      throw new AssertionError("no name");
    }
  }
}

package io.fanwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fanwise.Fans.OnEveryBackend;
import io.fanwise.Fans.OnSeveralWorkers;
import io.fanwise.shared.Shared;
import io.fanwise.shared.SharedCounter;
import io.fanwise.spi.Backend;
import io.fanwise.spi.Workers;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// When inputs are read, by whom, and how far ahead.
class LazinessTest {

  @OnEveryBackend
  void nothingIsReadBeforeSomebodyPulls(Fan fan) {
    AtomicInteger read = new AtomicInteger();
    Iterable<Integer> inputs = () -> counting(read, 10);

    try (Stream<Integer> results = fan.stream(inputs, i -> i);
        Stream<?> outcomes = fan.outcomes(inputs, i -> i);
        Stream<Integer> mapped =
            Stream.generate(read::incrementAndGet).gather(fan.mapping(i -> i))) {
      assertThat(read).hasValue(0);
      assertThat(results.findFirst()).contains(0);
      assertThat(List.of(outcomes, mapped)).hasSize(2);
    }
  }

  @OnEveryBackend
  void nothingIsAskedForAnIteratorBeforeSomebodyPulls(Fan fan) {
    Iterable<Integer> untouchable =
        () -> {
          throw new AssertionError("asked for an iterator");
        };

    try (Stream<Integer> unread = fan.stream(untouchable, i -> i)) {
      assertThat(unread).isNotNull();
    }
  }

  @OnEveryBackend
  void readingIsNeverFurtherAheadThanTheWindow(Fan fan) {
    readingIsNeverFurtherAheadThanTheWindow(fan, how -> how);
    readingIsNeverFurtherAheadThanTheWindow(fan, Fan::unordered);
    readingIsNeverFurtherAheadThanTheWindow(fan, how -> how.batch(10));
  }

  private static void readingIsNeverFurtherAheadThanTheWindow(Fan fan, UnaryOperator<Fan> how) {
    for (int window : new int[] {1, 2, 7, 64}) {
      AtomicInteger read = new AtomicInteger();
      AtomicInteger handedOn = new AtomicInteger();
      AtomicInteger most = new AtomicInteger();
      Iterator<Integer> inputs =
          IntStream.range(0, 1_000)
              .peek(i -> most.accumulateAndGet(read.incrementAndGet() - handedOn.get(), Math::max))
              .iterator();

      try (Stream<Integer> results = how.apply(fan).window(window).stream(inputs, i -> i)) {
        results.forEach(i -> handedOn.incrementAndGet());
      }

      assertThat(handedOn).hasValue(1_000);
      assertThat(most.get()).isBetween(1, window);
    }
  }

  @OnSeveralWorkers
  void theWindowIsReadToItsEndBehindASlowHead(Fan fan) {
    int window = 100;
    SharedCounter read = Shared.counter();
    var windowIsRead = Shared.latch(window);
    Iterator<Integer> inputs =
        IntStream.range(0, 1_000)
            .peek(i -> read.increment())
            .peek(i -> windowIsRead.countDown())
            .iterator();
    SharedCounter readWhenHeadEnds = Shared.counter();

    try (Stream<Integer> results =
        fan.window(window).stream(
            inputs,
            i -> {
              if (i == 0) {
                windowIsRead.await();
                readWhenHeadEnds.set(read.get());
              }
              return i;
            })) {
      assertThat(results.limit(1)).containsExactly(0);
    }

    assertThat(readWhenHeadEnds.get()).isEqualTo(window);
  }

  @Test
  void sequentialTakesInputsOneByOneLikeAPlainLoop() {
    List<String> trace = new ArrayList<>();
    Iterator<Integer> inputs = IntStream.range(0, 3).peek(i -> trace.add("read " + i)).iterator();

    Fan.sequential().stream(
            inputs,
            i -> {
              trace.add("run " + i);
              return i;
            })
        .forEach(i -> trace.add("got " + i));

    assertThat(trace)
        .containsExactly(
            "read 0", "run 0", "got 0", "read 1", "run 1", "got 1", "read 2", "run 2", "got 2");
  }

  @Test
  void sequentialMapDoesNotReadAheadEither() {
    List<String> trace = new ArrayList<>();
    Iterator<Integer> inputs = IntStream.range(0, 3).peek(i -> trace.add("P" + i)).iterator();

    Fan.sequential().forEach(inputs, i -> trace.add("C" + i));

    assertThat(trace).containsExactly("P0", "C0", "P1", "C1", "P2", "C2");
  }

  @Test
  void aBatchIsReadAndThenRun() {
    List<String> trace = new ArrayList<>();
    Iterator<Integer> inputs = IntStream.range(0, 6).peek(i -> trace.add("P" + i)).iterator();

    Fan.sequential().batch(4).forEach(inputs, i -> trace.add("C" + i));

    assertThat(trace)
        .containsExactly("P0", "P1", "P2", "P3", "C0", "C1", "C2", "C3", "P4", "P5", "C4", "C5");
  }

  @ParameterizedTest
  @MethodSource("io.fanwise.Fans#withWorkers")
  void noMoreIsReadThanIsRunAndNextInLine(Backend backend) throws InterruptedException {
    try (Workers workers = backend.start()) {
      AtomicInteger read = new AtomicInteger();
      var goOn = Shared.latch(1);
      Thread caller =
          Thread.startVirtualThread(
              () -> Fan.on(workers).forEach(counting(read, 1_000), i -> goOn.await()));

      int twoForEachJob = workers.jobs() + workers.prefetch();
      await().until(() -> read.get() >= twoForEachJob);
      await().until(() -> caller.getState() == Thread.State.WAITING);

      assertThat(read).hasValue(twoForEachJob);
      goOn.countDown();
      caller.join();
      assertThat(read).hasValue(1_000);
    }
  }

  @OnEveryBackend
  void endlessInputsAreReadNoFurtherThanTheResultsAreWanted(Fan fan) {
    AtomicInteger read = new AtomicInteger();
    Stream<Integer> endless = Stream.generate(read::getAndIncrement);

    try (Stream<Integer> results = fan.window(50).stream(endless, i -> i)) {
      assertThat(results.limit(1_000)).hasSize(1_000);
    }

    assertThat(read.get()).isBetween(1_000, 1_050);
  }

  @OnEveryBackend
  void theDefaultWindowIsAHundredPerJob(Fan fan) {
    AtomicInteger read = new AtomicInteger();

    try (Stream<Integer> results =
        fan.batch(1).stream(Stream.generate(read::getAndIncrement), i -> i)) {
      Iterator<Integer> pulled = results.iterator();
      for (int i = 0; i < 10; i++) {
        assertThat(pulled.next()).isEqualTo(i);
      }
    }

    assertThat(read.get()).isLessThanOrEqualTo(10 + 100 * Fans.MOST_JOBS);
  }

  @OnEveryBackend
  void whereTasksAreTinyItIsSomeBatchesPerJob(Fan fan) {
    AtomicInteger read = new AtomicInteger();

    try (Stream<Integer> results = fan.stream(Stream.generate(read::getAndIncrement), i -> i)) {
      assertThat(results.limit(100_000)).hasSize(100_000);
    }

    int window = 8 * Fans.MOST_JOBS * BatchSizer.MOST_STREAMED;
    assertThat(read.get()).isLessThanOrEqualTo(100_000 + window);
  }

  @OnEveryBackend
  void inputsAreReadByTheThreadThatWantsTheResults(Fan fan) {
    Set<Thread> readers = ConcurrentHashMap.newKeySet();
    Stream<Integer> inputs =
        Stream.iterate(0, i -> i + 1).limit(2_000).peek(i -> readers.add(Thread.currentThread()));

    assertThat(fan.map(inputs, i -> i)).hasSize(2_000);

    assertThat(readers).containsExactly(Thread.currentThread());
  }

  @OnEveryBackend
  void aParallelStreamIsReadByOneThreadAllTheSame(Fan fan) {
    Set<Thread> readers = ConcurrentHashMap.newKeySet();
    Stream<Integer> inputs =
        IntStream.range(0, 2_000).parallel().boxed().peek(i -> readers.add(Thread.currentThread()));

    assertThat(fan.map(inputs, i -> i)).containsExactlyElementsOf(Range.of(0, 2_000));

    assertThat(readers).containsExactly(Thread.currentThread());
  }

  @OnEveryBackend
  void readingTheResultsInParallelReadsTheInputsFromOneThread(Fan fan) {
    Set<Thread> readers = ConcurrentHashMap.newKeySet();
    Stream<Integer> inputs =
        Stream.iterate(0, i -> i + 1).limit(2_000).peek(i -> readers.add(Thread.currentThread()));

    List<Integer> results = fan.stream(inputs, i -> i).parallel().map(i -> i + 1).toList();

    assertThat(results).containsExactlyElementsOf(Range.of(1, 2_001));
    assertThat(readers).hasSize(1);
  }

  @OnEveryBackend
  void streamsOfInputsAreClosedHoweverTheRunEnds(Fan fan) {
    AtomicInteger closed = new AtomicInteger();

    assertThat(fan.map(closing(closed), i -> i)).hasSize(3);
    assertThat(closed).hasValue(1);

    assertThatThrownBy(() -> fan.map(closing(closed), i -> i / (i - 2)))
        .isInstanceOf(TaskFailed.class);
    assertThat(closed).hasValue(2);

    fan.stream(closing(closed), i -> i).close();
    assertThat(closed).hasValue(3);

    assertThat(fan.stream(closing(closed), i -> i)).hasSize(3);
    assertThat(closed).hasValue(4);
  }

  @OnEveryBackend
  void anExceptionOfTheInputsReachesTheCallerAsItIs(Fan fan) {
    for (int at : new int[] {0, 5, 19}) {
      var broken = new IllegalStateException("broken at " + at);
      Observed<Integer, Integer> task = new Observed<>(i -> i);
      Iterator<Integer> inputs = breaking(at, broken);

      assertThatThrownBy(() -> fan.map(inputs, task)).isSameAs(broken);

      assertThat(task.running()).isZero();
      assertThat(task.begun()).isLessThanOrEqualTo(at);
      assertThat(fan.map(Range.of(0, 20), i -> i)).hasSize(20);
    }
  }

  @OnEveryBackend
  void whatWasFinishedBeforeTheInputsBrokeIsHandedOnFirst(Fan fan) {
    var broken = new IllegalStateException("broken");
    List<Integer> got = new ArrayList<>();

    try (Stream<Integer> results = fan.window(1).stream(breaking(5, broken), i -> i)) {
      assertThatThrownBy(() -> results.forEach(got::add)).isSameAs(broken);
    }

    assertThat(got).containsExactly(0, 1, 2, 3, 4);
  }

  @OnEveryBackend
  void anErrorOfTheInputsIsNotTakenForTheirEnd(Fan fan) {
    var broken = new AssertionError("broken");

    try (Stream<Integer> results = fan.window(1).stream(breaking(2, broken), i -> i)) {
      Iterator<Integer> pulled = results.iterator();
      assertThat(pulled.next()).isZero();
      assertThat(pulled.next()).isEqualTo(1);
      assertThatThrownBy(pulled::hasNext).isSameAs(broken);
      assertThatThrownBy(pulled::hasNext).isInstanceOf(Throwable.class);
    }
  }

  @OnEveryBackend
  void aNullInputIsRefusedByItsNumber(Fan fan) {
    List<Integer> inputs = new ArrayList<>(List.of(1, 2, 3));
    inputs.set(2, null);

    assertThatThrownBy(() -> fan.map(inputs, i -> i))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("input 2 is null; inputs must not be null, filter them out before");
  }

  private static Iterator<Integer> counting(AtomicInteger read, int inputs) {
    return IntStream.range(0, inputs).peek(i -> read.incrementAndGet()).iterator();
  }

  private static Stream<Integer> closing(AtomicInteger closed) {
    return Stream.of(1, 2, 3).onClose(closed::incrementAndGet);
  }

  private static Iterator<Integer> breaking(int at, Throwable broken) {
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < 20;
      }

      @Override
      public Integer next() {
        if (next == at) {
          throw sneaky(broken);
        }
        return next++;
      }
    };
  }

  @SuppressWarnings("unchecked")
  private static <X extends Throwable> RuntimeException sneaky(Throwable error) throws X {
    throw (X) error;
  }
}

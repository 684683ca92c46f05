package io.fanwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fanwise.Fans.InThisJvm;
import io.fanwise.Fans.OnEveryBackend;
import io.fanwise.Fans.OnWorkers;
import io.fanwise.Fans.WorkersInThisJvm;
import io.fanwise.shared.Shared;
import io.fanwise.shared.SharedLatch;
import io.fanwise.spi.Backend;
import io.fanwise.spi.Workers;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Runs that end before their inputs do: interrupted, closed early, closed by somebody else.
class CancellationTest {

  @OnEveryBackend
  void anInterruptOfTheCallerStopsEverythingAndIsPassedOn(Fan fan) throws InterruptedException {
    Observed<Integer, Integer> task = new Observed<>(i -> Observed.untilInterrupted());
    Caller caller = new Caller(() -> fan.map(Range.of(0, 100), task));

    await().until(() -> task.running() > 0);
    caller.interrupt();
    caller.join();

    assertThat(caller.thrown()).isInstanceOf(CancellationException.class);
    assertThat(caller.stillInterrupted()).isTrue();
    assertThat(task.running()).isZero();
    long begun = task.begun();
    assertThat(fan.map(Range.of(0, 100), i -> i)).hasSize(100);
    assertThat(task.begun()).isEqualTo(begun);
  }

  @OnEveryBackend
  void anInterruptThatTheTaskWrapsCountsToo(Fan fan) throws InterruptedException {
    Observed<Integer, Integer> task =
        new Observed<>(i -> {
          try {
            return Observed.untilInterrupted();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
          }
        });
    Caller caller = new Caller(() -> fan.map(Range.of(0, 100), task));

    await().until(() -> task.running() > 0);
    caller.interrupt();
    caller.join();

    assertThat(caller.thrown()).isInstanceOf(CancellationException.class);
    assertThat(caller.stillInterrupted()).isTrue();
    assertThat(task.running()).isZero();
  }

  @OnEveryBackend
  void aCallerThatIsInterruptedAlreadyBeginsNothing(Fan fan) {
    Observed<Integer, Integer> task = new Observed<>(i -> i);
    AtomicBoolean closed = new AtomicBoolean();
    Stream<Integer> inputs = Stream.of(1, 2, 3).onClose(() -> closed.set(true));

    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> fan.map(inputs, task)).isInstanceOf(CancellationException.class);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(task.begun()).isZero();
    assertThat(closed).isTrue();
  }

  @OnEveryBackend
  void anInterruptWhileTheInputsBlockIsTheirsToAnswer(Fan fan) throws InterruptedException {
    BlockingInputs inputs = new BlockingInputs(3);
    Observed<Integer, Integer> task = new Observed<>(i -> i);
    Caller caller = new Caller(() -> fan.map(inputs, task));

    inputs.awaitReader();
    caller.interrupt();
    caller.join();

    assertThat(caller.thrown()).hasMessage("the inputs were interrupted");
    assertThat(task.running()).isZero();
  }

  @OnWorkers
  void closingAStreamEarlyStopsWhatRuns(Fan fan) {
    AtomicBoolean inputsClosed = new AtomicBoolean();
    Stream<Integer> inputs = Stream.iterate(0, i -> i + 1).onClose(() -> inputsClosed.set(true));
    Observed<Integer, Integer> task =
        new Observed<>(i -> i < 2 ? i : Observed.<Integer>untilInterrupted());

    try (Stream<Integer> results = fan.stream(inputs, task)) {
      Iterator<Integer> pulled = results.iterator();
      assertThat(pulled.next()).isZero();
      assertThat(pulled.next()).isEqualTo(1);
      await().until(() -> task.running() > 0);
    }

    assertThat(task.running()).isZero();
    assertThat(inputsClosed).isTrue();
    long begun = task.begun();
    assertThat(fan.map(Range.of(0, 100), i -> i)).hasSize(100);
    assertThat(task.begun()).isEqualTo(begun);
  }

  @OnEveryBackend
  void aShortCircuitAndATryEndEndlessInputs(Fan fan) {
    Observed<Integer, Integer> task = new Observed<>(i -> i + 1);

    try (Stream<Integer> results = fan.unordered().stream(Stream.iterate(0, i -> i + 1), task)) {
      assertThat(results.limit(100)).hasSize(100);
    }

    assertThat(task.running()).isZero();
  }

  @OnEveryBackend
  void closingTwiceOrAfterTheEndOrUnreadDoesNoHarm(Fan fan) {
    Stream<Integer> twice = fan.stream(Range.of(0, 10), i -> i);
    assertThat(twice.iterator().next()).isZero();
    twice.close();
    twice.close();

    Stream<Integer> ended = fan.stream(Range.of(0, 10), i -> i);
    assertThat(ended.count()).isEqualTo(10);
    ended.close();

    fan.stream(Range.of(0, 10), i -> i).close();
  }

  @OnEveryBackend
  void readingOnAfterClosingIsRefused(Fan fan) {
    Stream<Integer> results = fan.window(1).stream(Range.of(0, 10), i -> i);
    Iterator<Integer> pulled = results.iterator();
    assertThat(pulled.next()).isZero();

    results.close();

    assertThatThrownBy(pulled::next)
        .isInstanceOf(CancellationException.class)
        .hasMessage("the run was closed while its results were being read");
  }

  @OnEveryBackend
  void aConsumerMayCloseTheStreamItReads(Fan fan) {
    Stream<Integer> results = fan.window(1).stream(Stream.iterate(0, i -> i + 1), i -> i);

    assertThatThrownBy(() ->
            results.forEach(i -> {
              if (i == 5) {
                results.close();
              }
            }))
        .isInstanceOf(CancellationException.class);
  }

  @OnEveryBackend
  void anotherThreadMayCloseWhileTheReaderWaitsForTasks(Fan fan) throws InterruptedException {
    Observed<Integer, Integer> task = new Observed<>(i -> Observed.untilInterrupted());
    Stream<Integer> results = fan.stream(Range.of(0, 100), task);
    Caller reader = new Caller(() -> results.forEach(i -> {}));

    await().until(() -> task.running() > 0);
    results.close();

    assertThat(task.running()).isZero();
    reader.join();
    assertThat(reader.thrown()).isInstanceOf(CancellationException.class);
    assertThat(reader.stillInterrupted()).isFalse();
  }

  @OnEveryBackend
  void anotherThreadMayCloseWhileTheInputsBlock(Fan fan) throws InterruptedException {
    BlockingInputs inputs = new BlockingInputs(1);
    Observed<Integer, Integer> task = new Observed<>(i -> i);
    Stream<Integer> results = fan.unordered().stream(inputs, task);
    Caller reader = new Caller(() -> results.forEach(i -> {}));

    inputs.awaitReader();
    await().until(() -> task.begun() == 1 && task.running() == 0);
    results.close();
    inputs.goOn();
    reader.join();

    assertThat(reader.thrown()).isInstanceOf(CancellationException.class);
    assertThat(task.begun()).isEqualTo(1);
  }

  @InThisJvm // a stream does not travel
  void aTaskMayCloseTheStreamThatIsBeingRead(Fan fan) {
    AtomicReference<Stream<Integer>> results = new AtomicReference<>();
    results.set(
        fan.stream(
            Stream.iterate(0, i -> i + 1),
            i -> {
              if (i == 20) {
                results.get().close();
              }
              return i;
            }));

    assertThatThrownBy(() -> results.get().forEach(i -> {}))
        .isInstanceOf(CancellationException.class);
  }

  @WorkersInThisJvm // a stream does not travel
  void aTaskMayCloseTheStreamWhileNobodyReadsIt(Fan fan) {
    AtomicReference<Stream<Integer>> results = new AtomicReference<>();
    var closed = new CountDownLatch(1);
    results.set(
        fan.stream(
            Range.of(0, 1_000),
            i -> {
              if (i == 1) {
                results.get().close();
                closed.countDown();
              }
              return i;
            }));

    assertThatThrownBy(() ->
            results
                .get()
                .forEach(i -> {
                  await().until(() -> closed.getCount() == 0);
                }))
        .isInstanceOf(CancellationException.class);
  }

  @OnEveryBackend
  @SuppressWarnings("try") // closed before its time, that is the point
  void closingOneRunLeavesTheOthersAlone(Fan fan) {
    try (Stream<Integer> dropped = fan.stream(Range.of(0, 1_000), i -> i);
        Stream<Integer> read = fan.stream(Range.of(0, 1_000), i -> i)) {
      Iterator<Integer> first = dropped.iterator();
      Iterator<Integer> second = read.iterator();
      assertThat(first.next()).isZero();
      assertThat(second.next()).isZero();

      dropped.close();

      for (int i = 1; i < 1_000; i++) {
        assertThat(second.next()).isEqualTo(i);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.fanwise.Fans#withWorkers")
  void closingTheWorkersEndsTheRunsOnThem(Backend backend) throws InterruptedException {
    Workers workers = backend.start();
    Observed<Integer, Integer> task = new Observed<>(i -> Observed.untilInterrupted());
    Caller caller = new Caller(() -> Fan.on(workers).map(Range.of(0, 100), task));

    await().until(() -> task.running() > 0);
    workers.close();
    assertThat(task.running()).isZero();
    caller.join();

    assertThat(caller.thrown())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> Fan.on(workers).map(List.of(1), i -> i))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @OnEveryBackend
  void closingMayMeetTheReaderAnywhere(Fan fan) throws InterruptedException {
    for (int round = 0; round < 200; round++) {
      int closeAt = round;
      SharedLatch close = Shared.latch(1);
      Observed<Integer, Integer> task =
          new Observed<>(i -> {
            if (i == closeAt) {
              close.countDown();
            }
            return i;
          });
      Stream<Integer> results = fan.stream(Range.of(0, 200), task);

      Caller closer =
          new Caller(() -> {
            close.await();
            results.close();
          });
      Caller reader = new Caller(() -> results.forEach(i -> {}));
      reader.join();
      closer.join();

      assertThat(task.running()).isZero();
      assertThat(closer.thrown()).isNull();
      if (reader.thrown() != null) {
        assertThat(reader.thrown()).isInstanceOf(CancellationException.class);
      }
    }
  }

  /// Somebody who calls, on a thread of their own.
  private static final class Caller {
    private final AtomicReference<Throwable> thrown = new AtomicReference<>();
    private final AtomicBoolean stillInterrupted = new AtomicBoolean();
    private final Thread thread;

    interface Call {
      void run() throws Exception;
    }

    Caller(Call call) {
      thread =
          Thread.ofPlatform()
              .daemon()
              .start(() -> {
                try {
                  call.run();
                } catch (Throwable e) {
                  thrown.set(e);
                }
                stillInterrupted.set(Thread.currentThread().isInterrupted());
              });
    }

    void interrupt() {
      thread.interrupt();
    }

    void join() throws InterruptedException {
      thread.join();
    }

    Throwable thrown() {
      return thrown.get();
    }

    boolean stillInterrupted() {
      return stillInterrupted.get();
    }
  }

  /// A few inputs, and then a wait for more.
  private static final class BlockingInputs implements Iterator<Integer> {
    private final int atOnce;
    private final AtomicInteger next = new AtomicInteger();
    private final CountDownLatch reader = new CountDownLatch(1);
    private final CountDownLatch more = new CountDownLatch(1);

    BlockingInputs(int atOnce) {
      this.atOnce = atOnce;
    }

    @Override
    public boolean hasNext() {
      if (next.get() == atOnce) {
        reader.countDown();
        try {
          more.await();
        } catch (InterruptedException e) {
          throw new IllegalStateException("the inputs were interrupted", e);
        }
      }
      return true;
    }

    @Override
    public Integer next() {
      return next.getAndIncrement();
    }

    void awaitReader() throws InterruptedException {
      reader.await();
    }

    void goOn() {
      more.countDown();
    }
  }
}

package io.fanwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fanwise.backends.Threads;
import io.fanwise.backends.VirtualThreads;
import io.fanwise.example.ThreadPerCall;
import io.fanwise.spi.Backend;
import io.fanwise.spi.Workers;
import io.fanwise.work.Task;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How long workers live, and what they leave behind: nothing.
class LifetimeTest {

  @ParameterizedTest
  @MethodSource("io.fanwise.Fans#withWorkersInThisJvm")
  void noThreadIsLeftAfterClose(Backend backend) {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();

    try (Workers workers = backend.start()) {
      Fan.on(workers).forEach(Range.of(0, 1_000), i -> threads.add(Thread.currentThread()));
      assertThat(threads).isNotEmpty().doesNotContain(Thread.currentThread());
    }

    await().untilAsserted(() -> assertThat(threads).noneMatch(Thread::isAlive));
  }

  @ParameterizedTest
  @MethodSource("io.fanwise.Fans#backends")
  void closingWorkersTwiceDoesNoHarm(Backend backend) {
    Workers workers = backend.start();
    assertThat(Fan.on(workers).map(List.of(1), i -> i)).containsExactly(1);

    workers.close();
    workers.close();
  }

  @ParameterizedTest
  @MethodSource("io.fanwise.Fans#backends")
  void workersThatNeverWorkedCanBeClosed(Backend backend) {
    try (Workers workers = backend.start()) {
      assertThat(workers.jobs()).isPositive();
    }
  }

  @Test
  void equalBackendsShareWarmWorkers() {
    Set<Thread> first = threadsOf(Fan.on(new Threads(3)), 3);
    Set<Thread> again = threadsOf(Fan.threads(3), 3);

    assertThat(again).isEqualTo(first);
    assertThat(first).allMatch(Thread::isDaemon);
    assertThat(first).allMatch(thread -> thread.getName().startsWith("fan-threads-"));
  }

  @Test
  void otherBackendsHaveWorkersOfTheirOwn() {
    Set<Thread> three = threadsOf(Fan.threads(3), 3);
    Set<Thread> five = threadsOf(Fan.threads(5), 5);

    assertThat(five).doesNotContainAnyElementsOf(three);
  }

  @Test
  void aWorkerThatIsInterruptedWhileIdleIsNoWorseForIt() {
    try (Workers workers = new Threads(2).start()) {
      Set<Thread> threads = threadsOf(Fan.on(workers), 2);

      threads.forEach(Thread::interrupt);

      assertThat(Fan.on(workers).map(Range.of(0, 100), i -> Thread.currentThread().isInterrupted()))
          .containsOnly(false);
    }
  }

  @Test
  void virtualThreadsAreVirtual() {
    assertThat(threadsOf(Fan.on(new VirtualThreads(4)), 4)).allMatch(Thread::isVirtual);
  }

  @ParameterizedTest
  @MethodSource("io.fanwise.Fans#backends")
  void inputsAndResultsAreNotHeldOnTo(Backend backend) {
    try (Workers workers = backend.start()) {
      WeakReference<Object> input = new WeakReference<>(new ArrayList<>());
      WeakReference<Object> result = passOn(workers, input);

      await()
          .until(() -> {
            System.gc();
            return input.refersTo(null) && result.refersTo(null);
          });
      assertThat(workers.jobs()).isPositive();
    }
  }

  private static WeakReference<Object> passOn(Workers workers, WeakReference<Object> input) {
    List<Object> results = Fan.on(workers).map(List.of(input.get()), i -> new ArrayList<>());
    return new WeakReference<>(results.getFirst());
  }

  @Test
  void anUnknownBackendIsRefusedNamingThoseThereAre() {
    assertThatThrownBy(() -> Fan.on("quantum", 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "no backend is called quantum; there are processes, sequential, threads, virtual");
  }

  @Test
  void backendsAreFoundByName() {
    assertThat(
            Fan.on("threads", 3).map(List.of(1), i -> Thread.currentThread().getName()).getFirst())
        .startsWith("fan-threads-");
    assertThat(Fan.on("virtual", 3).map(List.of(1), i -> Thread.currentThread().isVirtual()))
        .containsExactly(true);
    assertThat(Fan.on("sequential", -1).map(List.of(1), i -> Thread.currentThread()))
        .containsExactly(Thread.currentThread());
    assertThatThrownBy(() -> Fan.on("threads", 0)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"threads", "virtual", "sequential", "thread-per-call"})
  void exitingDuringARunEndsTheJvm(String backend) throws Exception {
    assertThat(exitOf(ExitsInATask.class, backend)).isEqualTo(17);
  }

  @ParameterizedTest
  @ValueSource(strings = {"threads", "virtual", "thread-per-call"})
  void exitingWhileTasksAreStuckEndsTheJvm(String backend) throws Exception {
    assertThat(exitOf(ExitsBesideStuckTasks.class, backend)).isEqualTo(18);
  }

  @ParameterizedTest
  @ValueSource(strings = {"threads", "virtual", "sequential", "thread-per-call", "processes"})
  void returningFromMainEndsTheJvmThoughWorkersAreWarm(String backend) throws Exception {
    assertThat(exitOf(LeavesWorkersIdle.class, backend)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"threads", "virtual", "thread-per-call", "processes"})
  void returningFromMainEndsTheJvmThoughABackgroundRunIsBusy(String backend) throws Exception {
    assertThat(exitOf(LeavesARunBehind.class, backend)).isZero();
  }

  private static int exitOf(Class<?> main, String backend)
      throws IOException, InterruptedException {
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName(),
                backend)
            .inheritIO()
            .start();
    try {
      return jvm.waitFor();
    } finally {
      jvm.destroyForcibly();
    }
  }

  private static Set<Thread> threadsOf(Fan fan, int jobs) {
    var everybody = new CyclicBarrier(jobs);
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    fan.batch(1)
        .forEach(
            Range.of(0, jobs),
            i -> {
              everybody.await();
              threads.add(Thread.currentThread());
            });
    return threads;
  }

  /// A program whose task exits.
  static final class ExitsInATask {
    public static void main(String[] args) {
      fan(args[0])
          .forEach(
              Range.of(0, 1_000),
              i -> {
                if (i == 3) {
                  System.exit(17);
                }
              });
    }
  }

  /// A program that exits while its tasks do not heed interrupts.
  static final class ExitsBesideStuckTasks {
    public static void main(String[] args) {
      Task<Integer, Integer> stuck =
          i -> {
            if (i == 1) {
              System.exit(18);
            }
            while (true) {
              Thread.onSpinWait();
            }
          };
      fan(args[0]).timeout(Duration.ofHours(1)).map(Range.of(0, 4), stuck);
    }
  }

  /// A program that returns from main and leaves its workers to themselves.
  static final class LeavesWorkersIdle {
    public static void main(String[] args) {
      Fan fan = fan(args[0]).timeout(Duration.ofHours(1));
      fan.forEach(Range.of(0, 1_000), i -> {});
    }
  }

  /// A program that returns from main before its background run has ended.
  static final class LeavesARunBehind {
    public static void main(String[] args) {
      var _ = fan(args[0]).start(Range.of(0, 1_000), i -> Observed.untilInterrupted());
    }
  }

  private static Fan fan(String backend) {
    return backend.equals("thread-per-call") ? Fan.on(new ThreadPerCall(2)) : Fan.on(backend, 2);
  }
}

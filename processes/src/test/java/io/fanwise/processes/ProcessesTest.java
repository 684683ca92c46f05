package io.fanwise.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.Fan;
import io.fanwise.Range;
import io.fanwise.Retry;
import io.fanwise.shared.Shared;
import io.fanwise.shared.SharedCounter;
import io.fanwise.spi.Workers;
import io.fanwise.work.Outcome;
import java.io.IOException;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProcessesTest {
  @Test
  void aLambdaRunsInOtherJvms() {
    Fan fan = Fan.on(Processes.of(2));

    List<Long> pids = fan.batch(1).map(Range.of(0, 20), i -> ProcessHandle.current().pid());

    assertThat(pids).doesNotContain(ProcessHandle.current().pid());
    assertThat(pids).hasSize(20);
    assertThat(fan.map(List.of("a", "b"), s -> s + pids.size())).containsExactly("a20", "b20");
  }

  @Test
  void aFanThatATaskCapturesIsSequentialInTheOtherJvm() {
    Fan fan = Fan.on(Processes.of(2));
    Fan retrying = Fan.virtualThreads(20).retry(Retry.times(1));

    assertThat(fan.map(List.of(1, 2), i -> fan.map(List.of(i, 10 * i), k -> k + 1)))
        .containsExactly(List.of(2, 11), List.of(3, 21));
    assertThat(
            fan.map(
                List.of(1), _ -> retrying.map(List.of("a"), _ -> Thread.currentThread().getName())))
        .containsExactly(List.of("main"));
  }

  @Test
  void aWorkerMayHaveAnotherCollector() {
    Fan fan = Fan.on(Processes.of(1).jvmOptions("-XX:+UseParallelGC"));

    assertThat(
            fan.map(
                List.of(1),
                _ -> ManagementFactory.getGarbageCollectorMXBeans().getFirst().getName()))
        .allMatch(name -> name.startsWith("PS "));
  }

  @Test
  void aRunMayBeStartedFromTheCommonPool() throws Exception {
    Processes bad = Processes.of(1).jvmOptions("-XX:+NoSuchOption");

    List<CompletableFuture<Void>> runs = new ArrayList<>();
    for (int i = 0; i < ForkJoinPool.getCommonPoolParallelism() + 1; i++) {
      runs.add(CompletableFuture.runAsync(() -> Fan.on(bad).map(List.of(1), x -> x)));
    }

    for (CompletableFuture<Void> run : runs) {
      assertThatThrownBy(run::get).hasMessageContaining("Unrecognized VM option");
    }
  }

  @Test
  void whatIsQueuedBehindASlowTaskIsDoneByAWorkerThatIsIdle() {
    Fan fan = Fan.on(Processes.of(2)).batch(1);
    for (int run = 0; run < 20; run++) {
      fan.forEach(Range.of(0, 200), i -> {}); // so short that more is sent ahead
      var others = Shared.latch(20);

      List<Integer> results =
          fan.map(
              Range.of(0, 21),
              i -> {
                if (i == 0) {
                  others.await();
                } else {
                  others.countDown();
                }
                return i;
              });

      assertThat(results).containsExactlyElementsOf(Range.of(0, 21));
    }
  }

  @Test
  void aTimeoutMayBeLongerThanThereIsTime() {
    Duration longest = Duration.ofSeconds(Long.MAX_VALUE);
    Fan patient = Fan.on(Processes.of(2)).timeout(longest, longest);

    assertThat(patient.map(Range.of(0, 10), i -> i)).hasSize(10);
  }

  @Test
  void aLargeArrayMayBeCapturedBesideSharedState() {
    Fan fan = Fan.on(Processes.of(1));
    double[] large = new double[200_000];
    large[3] = 5;
    SharedCounter counter = Shared.counter();

    assertThat(fan.map(List.of(1, 2), _ -> large[3] + counter.increment()))
        .containsExactly(6.0, 7.0);
  }

  @Test
  void aWorkerThatIsReplacedLeavesNoSocketBehind() throws Exception {
    Fan fan = Fan.on(Processes.of(1).recycleAfter(1));
    fan.map(Range.of(0, 3), i -> i);
    long before = sockets();

    fan.map(Range.of(0, 10), i -> i);

    assertThat(sockets()).isLessThanOrEqualTo(before + 1);
  }

  private static long sockets() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.filter(ProcessesTest::isSocket).count();
    }
  }

  private static boolean isSocket(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("socket");
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void everyFutureOfAnExecutorThatIsStoppedIsDoneOrGivenBack() throws Exception {
    for (int round = 0; round < 20; round++) {
      Workers workers = Processes.of(1).start();
      List<Future<?>> futures = new ArrayList<>();
      List<Runnable> back;
      try (workers;
          ExecutorService executor = Fan.on(workers).executor()) {
        for (int i = 0; i < 5; i++) {
          futures.add(executor.submit((Runnable & Serializable) () -> idle(50)));
        }
        back = executor.shutdownNow();
      }

      long done = futures.stream().filter(Future::isDone).count();
      assertThat(done + back.size()).isEqualTo(futures.size());
    }
  }

  private static void idle(int millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void noFutureIsStoppedBecauseAnotherIs() throws Exception {
    try (ExecutorService executor = Fan.on(Processes.of(2)).executor()) {
      List<Future<Integer>> kept = new ArrayList<>();
      for (int i = 0; i < 5_000; i++) {
        int number = i;
        Future<Integer> future = executor.submit((Callable<Integer> & Serializable) () -> number);
        if (i % 2 == 0) {
          kept.add(future);
        } else {
          future.cancel(true);
        }
      }

      for (int i = 0; i < kept.size(); i++) {
        assertThat(kept.get(i).get()).isEqualTo(2 * i);
      }
    }
  }

  @Test
  void aTaskThatRunsOutOfStackWhilePrintingStopsNobody() {
    Fan fan = Fan.on(Processes.of(1).jvmOptions("-Xss512k"));

    try (Stream<Outcome<Integer, Integer>> outcomes =
        fan.outcomes(Range.of(0, 30), ProcessesTest::printDeeply)) {
      assertThat(outcomes)
          .hasSize(30)
          .allMatch(outcome ->
              outcome instanceof Outcome.Failed<Integer, Integer> failed
                  && failed.error() instanceof StackOverflowError);
    }
  }

  private static int printDeeply(int depth) {
    System.out.print("");
    if (depth % 100 == 0) {
      System.out.flush();
    }
    return depth < 0 ? 0 : printDeeply(depth + 1) + 1;
  }

  @Test
  void anInitializerThatFailsIsHeardWhateverIsOnItsWay() {
    byte[] large = new byte[900_000];
    Fan fan =
        Fan.on(
            Processes.of(1)
                .initializer(_ -> {
                  throw new IllegalStateException("no licence");
                }));

    assertThatThrownBy(() -> fan.map(List.of(1), i -> large.length + i))
        .hasMessageContaining("no licence");
  }
}

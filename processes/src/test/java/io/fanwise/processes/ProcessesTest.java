package io.fanwise.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.Fan;
import io.fanwise.Range;
import io.fanwise.Retry;
import io.fanwise.shared.Shared;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
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
}

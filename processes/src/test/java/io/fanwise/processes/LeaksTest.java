package io.fanwise.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanwise.Fan;
import io.fanwise.Range;
import io.fanwise.spi.Workers;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What is left of runs, workers and pools when they are over: nothing.
@Timeout(120)
class LeaksTest {

  /// What this JVM has of the things that leak.
  private record Things(long handles, long threads, long processes, long files) {
    static Things now() {
      return new Things(
          count("/proc/self/fd"),
          Thread.getAllStackTraces().keySet().stream()
              .filter(thread -> thread.getName().startsWith("fan-processes-"))
              .count(),
          ProcessHandle.current().children().count(),
          count(Session.current().directory().toString()));
    }

    private static long count(String directory) {
      String[] names = java.nio.file.Path.of(directory).toFile().list();
      return names == null ? 0 : names.length;
    }
  }

  private static void nothingIsLeft(Things before) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> {
          Things now = Things.now();
          assertThat(now.handles()).as("file handles").isLessThanOrEqualTo(before.handles() + 3);
          assertThat(now.threads()).as("threads").isLessThanOrEqualTo(before.threads() + 1);
          assertThat(now.processes()).as("processes").isLessThanOrEqualTo(before.processes());
          assertThat(now.files()).as("files").isLessThanOrEqualTo(before.files());
        });
  }

  @Test
  void hundredsOfRunsLeaveNothing() {
    Fan fan = Fan.on(Processes.of(2));
    fan.batch(1).map(Range.of(0, 20), i -> i);
    Things before = Things.now();

    for (int run = 0; run < 500; run++) {
      int add = run;
      assertThat(fan.map(List.of(1, 2, 3), i -> i + add)).hasSize(3);
    }

    nothingIsLeft(before);
  }

  @Test
  void dozensOfLostWorkersLeaveNothing() {
    Fan fan = Fan.on(Processes.of(2)).batch(1);
    fan.map(Range.of(0, 20), i -> i);
    Things before = Things.now();

    try (Stream<?> outcomes =
        fan.outcomes(
            Range.of(0, 50),
            i -> {
              System.out.println(i); // over a line of its own
              Runtime.getRuntime().halt(1);
              return i;
            })) {
      assertThat(outcomes).hasSize(50);
    }

    fan.map(Range.of(0, 20), i -> i);
    nothingIsLeft(before);
  }

  @Test
  void aPoolThatIsClosedHasNoProcessesAnyMore() {
    Fan.on(Processes.of(1)).map(List.of(1), i -> i);
    Things before = Things.now();

    for (int pool = 0; pool < 10; pool++) {
      Workers workers = Processes.of(2).start();
      List<Long> pids =
          Fan.on(workers).batch(1).map(Range.of(0, 10), _ -> ProcessHandle.current().pid());

      workers.close();

      assertThat(pids).allMatch(pid -> ProcessHandle.of(pid).isEmpty());
    }

    nothingIsLeft(before);
  }

  @Test
  void aPoolMayBeClosedWhileItsWorkersStart() {
    Fan.on(Processes.of(1)).map(List.of(1), i -> i);
    Things before = Things.now();

    for (int pool = 0; pool < 10; pool++) {
      try (Workers workers = Processes.of(2).start()) {
        try (Stream<Integer> left = Fan.on(workers).stream(Range.of(0, 1000), i -> i)) {
          assertThat(left.isParallel()).isFalse(); // nothing is read
        }
        var running = Fan.on(workers).start(Range.of(0, 1000), i -> i);
        running.cancel(true);
      }
    }

    nothingIsLeft(before);
  }

  @Test
  void idleWorkersEndAndOthersTakeTheirPlaceWhenThereIsWork() {
    Fan brief = Fan.on(Processes.of(2).idle(Duration.ofMillis(30)));
    Things before = Things.now();

    for (int i = 0; i < 8; i++) {
      assertThat(brief.batch(1).map(Range.of(0, 4), x -> x)).containsExactly(0, 1, 2, 3);
      long until = System.nanoTime() + 29_000_000 + i * 500_000L; // about when they end
      while (System.nanoTime() < until) {
        Thread.onSpinWait();
      }
    }

    nothingIsLeft(before);
  }

  @Test
  void aBatchUnderATimeoutIsNotKeptUntilItsTimeIsUp() {
    Fan patient = Fan.on(Processes.of(1)).timeout(Duration.ofHours(1));

    WeakReference<Object> input = inputOf(patient);

    await()
        .until(() -> {
          System.gc();
          return input.get() == null;
        });
  }

  private static WeakReference<Object> inputOf(Fan fan) {
    Object input = new byte[1000];
    fan.map(List.of(input), i -> i.hashCode());
    return new WeakReference<>(input);
  }
}

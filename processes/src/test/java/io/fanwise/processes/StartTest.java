package io.fanwise.processes;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fanwise.Fan;
import io.fanwise.Progress;
import io.fanwise.Range;
import io.fanwise.Running;
import io.fanwise.spi.Workers;
import io.fanwise.work.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a run says when no worker JVM can be had: one clear error, at once.
class StartTest {
  private static Throwable failureOf(Fan fan) {
    try {
      fan.map(Range.of(0, 100), i -> i);
    } catch (RuntimeException e) {
      return e;
    }
    return new AssertionError("the run went well");
  }

  @Test
  void anOptionThatTheJvmDoesNotKnowIsToldInItsOwnWords() {
    Fan fan = Fan.on(Processes.of(2).jvmOptions("-XX:+NoSuchThing"));

    assertThat(failureOf(fan))
        .hasStackTraceContaining("a worker JVM ended before it could begin, with exit code 1")
        .hasStackTraceContaining("Unrecognized VM option 'NoSuchThing'");
  }

  @Test
  void anInitializerThatThrowsIsTheCause() {
    Fan fan =
        Fan.on(
            Processes.of(2)
                .initializer(_ -> {
                  throw new IllegalStateException("no database");
                }));

    assertThat(failureOf(fan))
        .hasStackTraceContaining("the initializer failed in a worker JVM")
        .hasRootCauseMessage("no database");
  }

  @Test
  void anInitializerThatDoesNotEndIsShownByTheProgress() {
    Queue<Progress.Busy> seen = new ConcurrentLinkedQueue<>();
    Fan fan =
        Fan.on(Processes.of(1).initializer(_ -> Thread.sleep(ofHours(1))))
            .progress(it -> seen.addAll(it.running()));

    Running<Integer> running = fan.start(List.of(7), i -> i);
    await().until(() -> !seen.isEmpty());
    running.cancel(true);

    assertThat(seen.element().worker()).matches("fan-worker-[0-9]+ \\(initializer\\)");
    assertThat(seen.element().input()).isEqualTo(7);
  }

  @Test
  void anInitializerThatExitsFailsTheRunAndIsNotTriedForEver(@TempDir Path tries) {
    Fan fan =
        Fan.on(
            Processes.of(2)
                .initializer(_ -> {
                  Files.createTempFile(tries, "try", "");
                  System.exit(9);
                }));

    assertThat(failureOf(fan))
        .hasStackTraceContaining("a worker JVM ended before it could begin, with exit code 9");
    assertThat(tries.toFile().list()).hasSizeLessThanOrEqualTo(4);
  }

  @Test
  void anInitializerThatCannotTravelIsRefusedBeforeAnyWorkerStarts(@TempDir Path logs) {
    Object lock = new Object();
    Processes wrong =
        Processes.of(2).logs(logs).initializer(name -> System.setProperty(name, lock.toString()));

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> Fan.on(wrong).map(List.of(1), x -> x))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("Cannot send the initializer to another JVM: ")
          .hasMessageContaining("java.lang.Object");
    }
    assertThatThrownBy(() -> JvmProcess.on(wrong).start(() -> 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot send the initializer to another JVM: ");
    assertThat(logs).isEmptyDirectory();
  }

  @Test
  void anInitializerThatHangsEndsWithTheRunThatWaitsForIt(@TempDir Path pids) {
    Fan hanging =
        Fan.on(Processes.of(2).initializer(_ -> hang(pids))).timeout(ofHours(1), ofMillis(100));

    Running<Integer> running = hanging.start(Range.of(0, 100), i -> i);
    await().until(() -> pids.toFile().list().length == 2);
    running.cancel(true);

    noneIsLeft(pids);
  }

  @Test
  void anInitializerThatHangsEndsWithItsWorkers(@TempDir Path pids) {
    Workers workers = Processes.of(2).initializer(_ -> hang(pids)).start();

    Running<Integer> running =
        Fan.on(workers).timeout(ofHours(1), ofMillis(100)).start(Range.of(0, 100), i -> i);
    await().until(() -> pids.toFile().list().length == 2);
    workers.close();

    noneIsLeft(pids);
    assertThatThrownBy(running::get).isInstanceOf(Exception.class);
  }

  private static void hang(Path pids) throws Exception {
    Files.createFile(pids.resolve("" + ProcessHandle.current().pid()));
    while (true) {
      Thread.onSpinWait();
    }
  }

  private static void noneIsLeft(Path pids) {
    for (String pid : pids.toFile().list()) {
      await().until(() -> ProcessHandle.of(Long.parseLong(pid)).isEmpty());
    }
  }

  @Test
  void theTimeLimitOfTasksIsNotForTheInitializer() {
    Fan impatient =
        Fan.on(
                Processes.of(1)
                    .initializer(_ -> Thread.sleep(13_000))) // a stuck worker has eleven seconds
            .timeout(ofMillis(100), ofMillis(100));

    assertThat(impatient.map(List.of(1, 2, 3), i -> i)).containsExactly(1, 2, 3);
  }

  @Test
  void aRunAfterOneThatCouldNotStartIsToldTheSame() {
    Fan fan = Fan.on(Processes.of(2).jvmOptions("-XX:+NoSuchThing"));

    for (int i = 0; i < 3; i++) {
      assertThat(failureOf(fan)).hasStackTraceContaining("NoSuchThing");
    }
  }

  @Test
  void aDirectoryThatIsGoneIsTold(@TempDir Path temp) throws Exception {
    Path directory = Files.createDirectory(temp.resolve("work"));
    Fan fan = Fan.on(Processes.of(2).directory(directory));
    Files.delete(directory);

    assertThat(failureOf(fan)).hasStackTraceContaining("a worker JVM cannot be started");
  }

  @Test
  void aTaskThatCannotTravelIsRefusedBeforeAnyWorkerStarts() {
    Thread thread = Thread.currentThread();

    assertThatThrownBy(() -> Fan.on(Processes.of(2)).map(List.of(1), i -> thread.getName() + i))
        .hasStackTraceContaining("java.lang.Thread")
        .hasStackTraceContaining("Cannot send the task to another JVM");
  }

  @Test
  void inputsAndResultsThatCannotTravelFailAlone() {
    Fan fan = Fan.on(Processes.of(2));

    List<Outcome<Object, Object>> outcomes;
    try (Stream<Outcome<Object, Object>> all =
        fan.outcomes(
            List.<Object>of(1, Thread.currentThread(), 3),
            i -> i.equals(3) ? Thread.currentThread() : i)) {
      outcomes = all.toList();
    }

    assertThat(outcomes.get(0)).isInstanceOf(Outcome.Done.class);
    for (Outcome<Object, Object> failed : outcomes.subList(1, 3)) {
      assertThat(((Outcome.Failed<?, ?>) failed).error()).hasMessageContaining("java.lang.Thread");
    }
  }

  /// A program that says what becomes of a run.
  static final class Full {
    private Full() {}

    public static void main(String[] args) {
      double[] large = new double[1 << 20];
      try {
        System.out.println(Fan.on(Processes.of(2)).map(List.of(1, 2), i -> i + large.length));
      } catch (RuntimeException e) {
        System.out.println(String.valueOf(e).lines().findFirst().orElse(""));
      }
    }
  }

  @Test
  void aTemporaryDirectoryThatIsFullIsTold(@TempDir Path place) throws Exception {
    assumeTrue(mayMount(), "only root may mount a tiny file system");
    String full =
        "mount -t tmpfs -o size=16k none %1$s && head -c 16k /dev/zero > %1$s/filler"
            .formatted(place);

    try (OtherProgram program = OtherProgram.startAfter(full, place, Full.class)) {
      assertThat(program.says())
          .contains("a worker JVM cannot be started")
          .contains("No space left on device");
    }
  }

  @Test
  void sharedMemoryThatIsFullHoldsNothingUp(@TempDir Path place) throws Exception {
    assumeTrue(mayMount(), "only root may mount a tiny file system");
    String full = "mount -t tmpfs -o size=16k none /dev/shm";

    try (OtherProgram program = OtherProgram.startAfter(full, place, Full.class)) {
      assertThat(program.says()).isEqualTo("[1048577, 1048578]");
    }
  }

  private static boolean mayMount() throws IOException, InterruptedException {
    Process trial =
        new ProcessBuilder("unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt").start();
    return trial.waitFor() == 0;
  }
}

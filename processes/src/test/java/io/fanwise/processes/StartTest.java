package io.fanwise.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fanwise.Fan;
import io.fanwise.Range;
import io.fanwise.work.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
  void anInitializerThatCannotTravelFailsTheRun() {
    Object lock = new Object();
    Fan fan =
        Fan.on(Processes.of(2).initializer(name -> System.setProperty(name, lock.toString())));

    assertThat(failureOf(fan)).hasStackTraceContaining("java.lang.Object");
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

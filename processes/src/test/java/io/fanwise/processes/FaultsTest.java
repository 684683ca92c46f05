package io.fanwise.processes;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fanwise.Fan;
import io.fanwise.Range;
import io.fanwise.Retry;
import io.fanwise.work.Outcome;
import io.fanwise.work.TaskTimedOut;
import io.fanwise.work.WorkerLost;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of a run when a task takes its whole JVM down: only its own input fails.
class FaultsTest {
  private static final int INPUTS = 100;
  private static final int BAD = 50;

  private final Fan fan = Fan.on(Processes.of(2).heap("64m"));

  /// Something that a task does to its JVM.
  private interface Fault extends Serializable {
    void happen() throws Exception;
  }

  private static List<Outcome<Integer, Integer>> outcomes(Fan fan, Fault fault) {
    return outcomesOf(
        fan.outcomes(
            Range.of(0, INPUTS),
            i -> {
              if (i == BAD) {
                fault.happen();
              }
              return i;
            }));
  }

  private static <T, R> List<Outcome<T, R>> outcomesOf(Stream<Outcome<T, R>> stream) {
    try (stream) {
      return stream.collect(toList());
    }
  }

  /// The error of the one bad input; all others are done.
  private static Throwable onlyError(List<Outcome<Integer, Integer>> outcomes) {
    assertThat(outcomes).hasSize(INPUTS);
    List<Integer> done = new ArrayList<>();
    List<Throwable> errors = new ArrayList<>();
    for (Outcome<Integer, Integer> outcome : outcomes) {
      switch (outcome) {
        case Outcome.Done<Integer, Integer> it -> done.add(it.result());
        case Outcome.Failed<Integer, Integer> it -> {
          assertThat(it.input()).isEqualTo(BAD);
          errors.add(it.error());
        }
      }
    }
    assertThat(done)
        .containsExactlyElementsOf(
            IntStream.range(0, INPUTS).filter(i -> i != BAD).boxed().toList());
    return errors.getFirst();
  }

  private static WorkerLost lost(List<Outcome<Integer, Integer>> outcomes) {
    Throwable error = onlyError(outcomes);
    assertThat(error).isInstanceOf(WorkerLost.class);
    return (WorkerLost) error;
  }

  // ---- how it ends

  @Test
  void aWorkerThatIsKilledCostsOneInput() {
    WorkerLost lost = lost(outcomes(fan, Signal.KILL::sendToSelf));

    assertThat(lost).hasMessageContaining("was killed (SIGKILL)");
    assertThat(lost.exitCode()).hasValue(128 + 9);
    assertThat(lost.worker()).startsWith("fan-worker-");
  }

  @Test
  void aCrashLeavesTheReportOfTheJvm(@TempDir Path logs) throws Exception {
    Fan logging = Fan.on(Processes.of(2).heap("64m").logs(logs));

    WorkerLost lost = lost(outcomes(logging, Signal.SEGV::sendToSelf));

    assertThat(lost)
        .hasMessageContaining("crashed (SIGSEGV, sent by kill); the JVM's report is " + logs);
    assertThat(lost.crashLog()).hasValueSatisfying(file -> assertThat(file).exists());
    assertThat(Files.readString(lost.crashLog().orElseThrow())).contains("SIGSEGV");
    assertThat(lost.lastLines()).anyMatch(line -> line.contains("fatal error"));
  }

  @Test
  void aCrashIsToldByItsSignalAndItsPlace(@TempDir Path logs) {
    Fan logging = Fan.on(Processes.of(2).heap("64m").logs(logs));

    WorkerLost lost = lost(outcomes(logging, FaultsTest::crash));

    assertThat(lost)
        .hasMessageContaining("crashed (SIGSEGV) in V [libjvm.so+0x")
        .hasMessageContaining("Unsafe_PutLong");
    assertThat(lost.exitCode()).hasValue(128 + 6);
  }

  /// Writes where no memory is.
  private static void crash() throws ReflectiveOperationException {
    Class<?> type = Class.forName("sun.misc.Unsafe");
    Field field = type.getDeclaredField("theUnsafe");
    field.setAccessible(true);
    type.getMethod("putAddress", long.class, long.class).invoke(field.get(null), 8L, 1L);
  }

  @Test
  void anExitCostsOneInputAndSaysItsCode() {
    WorkerLost exit = lost(outcomes(fan, () -> System.exit(3)));
    WorkerLost halt = lost(outcomes(fan, () -> Runtime.getRuntime().halt(4)));

    assertThat(exit).hasMessageContaining("ended with exit code 3 in the middle of the task");
    assertThat(exit.exitCode()).hasValue(3);
    assertThat(halt.exitCode()).hasValue(4);
  }

  @Test
  void whatTheWorkerWroteLastIsInTheMessage() {
    WorkerLost lost =
        lost(
            outcomes(
                fan,
                () -> {
                  try (FileOutputStream log = new FileOutputStream("/proc/self/fd/2", true)) {
                    log.write("libmodel: assertion failed\n".getBytes(StandardCharsets.UTF_8));
                  }
                  System.exit(1);
                }));

    assertThat(lost.lastLines()).containsExactly("libmodel: assertion failed");
    assertThat(lost).hasMessageContaining("it wrote last:\n  libmodel: assertion failed");
  }

  @Test
  void anExhaustedHeapCostsOneInputAndIsWhatItFailsWith() {
    Throwable error =
        onlyError(
            outcomes(
                fan,
                () -> {
                  byte[] all = new byte[1 << 20];
                  while (true) {
                    all = Arrays.copyOf(all, 2 * all.length);
                  }
                }));

    assertThat(error).isInstanceOf(OutOfMemoryError.class);
  }

  @Test
  void aStackThatOverflowsCostsOneInput() {
    assertThat(onlyError(outcomes(fan, () -> depth(0)))).isInstanceOf(StackOverflowError.class);
  }

  private static int depth(int reached) {
    return reached < 0 ? 0 : 1 + depth(reached + 1);
  }

  // ---- what does not end

  private Fan impatient() {
    return fan.timeout(ofSeconds(3), ofMillis(200));
  }

  @Test
  void aTaskThatSpinsIsEndedWithItsWorkerWhenItsTimeIsUp() {
    Throwable error =
        onlyError(
            outcomes(
                impatient(),
                () -> {
                  while (true) {
                    Thread.onSpinWait();
                  }
                }));

    assertThat(error).isInstanceOf(TaskTimedOut.class);
  }

  @Test
  void aTaskThatIsBlockedInNativeCodeIsEndedWithItsWorkerWhenItsTimeIsUp() {
    Throwable error =
        onlyError(
            outcomes(
                impatient(),
                () -> {
                  Path pipe = Files.createTempDirectory("pipe").resolve("p");
                  new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();
                  new java.io.FileInputStream(pipe.toFile())
                      .close(); // nobody ever opens the other end
                }));

    assertThat(error).isInstanceOf(TaskTimedOut.class);
  }

  @Test
  void aWorkerThatIsSuspendedIsKilledWhenTheTimeOfItsTaskIsUp() {
    Throwable error = onlyError(outcomes(impatient(), Signal.STOP::sendToSelf));

    assertThat(error).isInstanceOf(TaskTimedOut.class).hasMessageContaining("killed");
  }

  @Test
  void whatWasLostOnAWorkerIsSaidToHaveRunThere() {
    Outcome<Integer, Integer> suspended = badOne(impatient(), Signal.STOP::sendToSelf);
    Outcome<Integer, Integer> stubborn = badOne(impatient(), FaultsTest::spin);
    Outcome<Integer, Integer> killed = badOne(fan, Signal.KILL::sendToSelf);

    assertThat(error(suspended))
        .hasMessage(
            "timed out after 3s; worker "
                + suspended.worker()
                + " did not answer any more, so it was killed and replaced");
    assertThat(error(stubborn))
        .hasMessage(
            "timed out after 3s; it ignored the interrupt, so worker "
                + stubborn.worker()
                + " was killed and replaced");
    assertThat(error(killed)).hasMessageContaining("worker " + killed.worker() + " was killed");
  }

  /// What came of the bad input, which is not the first of its batch.
  private static Outcome<Integer, Integer> badOne(Fan fan, Fault fault) {
    return outcomes(fan.batch(20), fault).get(BAD);
  }

  private static Throwable error(Outcome<Integer, Integer> outcome) {
    return ((Outcome.Failed<Integer, Integer>) outcome).error();
  }

  private static void spin() {
    while (true) {
      Thread.onSpinWait();
    }
  }

  @Test
  void whoLeavesARunDoesNotWaitForTasksThatIgnoreTheirInterrupt(@TempDir Path pids) {
    Fan leaving = Fan.on(Processes.of(2)).timeout(Duration.ofHours(1), ofMillis(100)).batch(1);

    try (Stream<Integer> results =
        leaving.stream(
            Range.of(0, INPUTS),
            i -> {
              if (i > 0) {
                Files.createFile(pids.resolve("" + ProcessHandle.current().pid()));
                while (true) {
                  Thread.onSpinWait();
                }
              }
              return i;
            })) {
      assertThat(results.findFirst()).contains(0);
      await().until(() -> pids.toFile().list().length > 0);
    }

    for (String pid : pids.toFile().list()) {
      await().until(() -> ProcessHandle.of(Long.parseLong(pid)).isEmpty());
    }
  }

  @Test
  void aChildThatATaskLeavesBehindHoldsNothingUp() {
    WorkerLost lost =
        lost(
            outcomes(
                fan,
                () -> {
                  new ProcessBuilder("sleep", "20").inheritIO().start();
                  System.exit(5);
                }));

    assertThat(lost.exitCode()).hasValue(5);
    ProcessHandle.allProcesses()
        .filter(p -> p.info().commandLine().orElse("").endsWith("sleep 20"))
        .forEach(ProcessHandle::destroyForcibly);
  }

  // ---- what is used up or closed

  @Test
  void aTaskMayCloseItsStandardOutput() {
    List<Integer> results =
        fan.batch(10)
            .map(
                Range.of(0, INPUTS),
                i -> {
                  new FileOutputStream(FileDescriptor.out).close();
                  System.out.close();
                  return i;
                });

    assertThat(results).hasSize(INPUTS);
  }

  // ---- what kills again and again

  @Test
  void anInputThatKillsEveryWorkerFailsAfterItsRetriesAndTheRestIsDone(@TempDir Path deaths) {
    Fan retrying = fan.retry(Retry.times(2));

    WorkerLost lost =
        lost(
            outcomes(
                retrying,
                () -> {
                  Files.createTempFile(deaths, "death", "");
                  System.exit(3);
                }));

    assertThat(lost.exitCode()).hasValue(3);
    assertThat(deaths.toFile().list()).hasSize(3);
  }

  @Test
  void anInputThatKillsWhoeverUnpacksItIsFoundAmongItsNeighbours() {
    List<Object> inputs = new ArrayList<>(IntStream.range(0, 200).boxed().toList());
    inputs.set(137, new Grenade());

    List<Outcome<Object, String>> outcomes =
        outcomesOf(fan.batch(64).outcomes(inputs, Object::toString));

    List<Outcome<Object, String>> failed =
        outcomes.stream().filter(o -> o instanceof Outcome.Failed).toList();
    assertThat(outcomes).hasSize(200);
    assertThat(failed)
        .singleElement()
        .satisfies(it ->
            assertThat(((Outcome.Failed<Object, String>) it).input()).isInstanceOf(Grenade.class));
  }

  private static final class Grenade implements Serializable {
    private void readObject(ObjectInputStream in) {
      System.exit(77);
    }
  }

  @Test
  void aTaskThatKillsWhoeverUnpacksItFailsTheRunAndDoesNotGoOnForEver() {
    Grenade grenade = new Grenade();

    assertThatThrownBy(() -> fan.map(Range.of(0, 3), i -> grenade.hashCode() + i))
        .hasStackTraceContaining("ended with exit code 77");
  }

  @Test
  void aWorkerThatIsKilledWhileItHasNothingToDoCostsNothing() throws Exception {
    Fan one = Fan.on(Processes.of(1)).batch(1);

    for (int i = 0; i < 5; i++) {
      long pid = one.map(List.of(1), _ -> ProcessHandle.current().pid()).getFirst();
      Signal.KILL.sendTo(pid);
      assertThat(one.map(List.of(1), x -> x + 1)).containsExactly(2);
    }
  }
}

package io.fanwise.processes;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fanwise.Fan;
import io.fanwise.Range;
import io.fanwise.shared.Shared;
import io.fanwise.shared.SharedQueue;
import io.fanwise.work.WorkerLost;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class JvmProcessTest {
  @TempDir private Path directory;

  // ---- what cannot be, and what goes wrong

  @Test
  void aTaskThatCannotTravelIsRefusedBeforeAnythingStarts() {
    Object connection = new Object();

    assertThatThrownBy(() -> JvmProcess.start(() -> connection.toString()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Cannot send the task to another JVM")
        .hasMessageContaining("java.lang.Object");
  }

  @Test
  void aJvmThatDoesNotStartSaysWhyInItsOwnWords() {
    Processes wrong = Processes.of(1).jvmOptions("-XX:+NoSuchThing");

    JvmProcess<Integer> process = JvmProcess.on(wrong).start(() -> 1);

    assertThatThrownBy(process::result)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Unrecognized VM option 'NoSuchThing'");
    process.join();
    assertThat(process.exitCode()).hasValue(1);
  }

  @Test
  void anInitializerThatFailsIsSaidToHaveFailed() {
    Processes wrong =
        Processes.of(1)
            .initializer(name -> {
              throw new IOException("no model for " + name);
            });

    JvmProcess<Integer> process = JvmProcess.on(wrong).name("fit").start(() -> 1);

    assertThatThrownBy(process::result)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("initializer failed")
        .hasStackTraceContaining("no model for fit");
    process.join();
    assertThat(process.exitCode()).hasValue(1);
  }

  @Test
  void whatTheTaskThrowsIsTheCauseAndTheProcessEndsWithOne() {
    JvmProcess<String> process =
        JvmProcess.on(Processes.of(1))
            .name("look")
            .captured()
            .start(() -> {
              throw new NoSuchElementException("nothing here");
            });

    assertThatThrownBy(process::result)
        .isInstanceOf(ProcessFailed.class)
        .hasMessage("process look failed: java.util.NoSuchElementException: nothing here")
        .hasCauseInstanceOf(NoSuchElementException.class)
        .hasStackTraceContaining("JvmProcessTest.lambda");
    process.join();
    assertThat(process.exitCode()).hasValue(1);
    assertThat(process.output())
        .anyMatch(line -> line.contains("NoSuchElementException: nothing here"));
  }

  @Test
  void aResultThatCannotTravelIsAFailureThatSaysWhere() {
    JvmProcess<List<Object>> process = JvmProcess.start(() -> List.of("fine", new Object()));

    assertThatThrownBy(process::result)
        .isInstanceOf(ProcessFailed.class)
        .hasMessageContaining("java.lang.Object");
  }

  @Test
  void aTaskThatExitsHasAnExitCodeAndNoResult() {
    JvmProcess<?> process =
        JvmProcess.on(Processes.of(1))
            .name("leaver")
            .captured()
            .start(() -> {
              System.out.print("last words");
              System.exit(3);
            });

    assertThatThrownBy(process::result)
        .isInstanceOf(WorkerLost.class)
        .hasMessageContaining("worker leaver ended with exit code 3")
        .satisfies(lost -> assertThat(lost.getStackTrace()).isNotEmpty());
    process.join();
    assertThat(process.exitCode()).hasValue(3);
    assertThat(process.output()).contains("last words");
  }

  @Test
  void aProcessWithoutHeapFailsAsItselfAndHarmsNobody() {
    JvmProcess<Integer> process =
        JvmProcess.on(Processes.of(1).heap("32m")).start(() -> new byte[64 << 20].length);

    assertThatThrownBy(process::result)
        .isInstanceOf(ProcessFailed.class)
        .hasCauseInstanceOf(OutOfMemoryError.class);
    process.join();
    assertThat(process.exitCode()).hasValue(1);
  }

  @Test
  void aSpinningTaskCanBeKilled() {
    JvmProcess<?> process = JvmProcess.start(JvmProcessTest::spin);

    assertThat(process.isAlive()).isTrue();
    assertThat(process.exitCode()).isEmpty();
    process.kill();
    process.join();

    assertThat(process.isAlive()).isFalse();
    assertThat(process.exitCode()).hasValue(137);
    assertThat(ProcessHandle.of(process.pid())).isEmpty();
    assertThatThrownBy(process::result)
        .isInstanceOf(WorkerLost.class)
        .hasMessage("worker " + process.name() + " was killed by this JVM (SIGKILL)");
  }

  @Test
  void aProcessThatIsKilledByOthersIsSaidToBe() {
    JvmProcess<?> process = JvmProcess.on(Processes.of(1)).captured().start(JvmProcessTest::sleep);
    awaitLine(process, "asleep");

    ProcessHandle.of(process.pid()).orElseThrow().destroyForcibly();

    assertThatThrownBy(process::result)
        .isInstanceOf(WorkerLost.class)
        .hasMessageContaining("was killed (SIGKILL)");
  }

  @Test
  void aCrashHasItsReportKept() throws Exception {
    JvmProcess<?> process =
        JvmProcess.on(Processes.of(1).logs(directory)).captured().start(JvmProcessTest::sleep);
    awaitLine(process, "asleep");

    new ProcessBuilder("kill", "-SEGV", "" + process.pid()).start().waitFor();

    assertThatThrownBy(process::result)
        .isInstanceOfSatisfying(
            WorkerLost.class,
            lost -> assertThat(lost.crashLog().orElseThrow()).hasParent(directory));
    process.close();
    assertThat(process.exitCode()).hasValue(134);
  }

  @Test
  void aProcessThatFloodsItsOutputCanBeKilledAndHoldsNobodyUp() {
    try (JvmProcess<?> process =
        JvmProcess.on(Processes.of(1))
            .captured()
            .start(() -> {
              while (true) {
                System.out.println("more and more and more and more and more and more");
              }
            })) {
      assertThat(process.output().limit(10_000)).allMatch(line -> line.startsWith("more"));

      process.kill();

      assertThat(process.join(ofSeconds(60))).isTrue();
    }
  }

  // ---- how it ends

  @Test
  void terminateInterruptsTheTaskSoThatItTidiesUp() {
    Path tidy = directory.resolve("tidy");
    String file = tidy.toString();
    JvmProcess<?> process =
        JvmProcess.on(Processes.of(1))
            .captured()
            .start(() -> {
              try {
                sleep();
              } finally {
                Files.writeString(Path.of(file), "tidy");
              }
            });
    awaitLine(process, "asleep");

    process.terminate();
    process.join();

    assertThat(tidy).hasContent("tidy");
    assertThat(process.exitCode()).hasValue(143);
    assertThatThrownBy(process::result)
        .isInstanceOf(WorkerLost.class)
        .hasMessageContaining("was ended (SIGTERM)");
  }

  @Test
  void aTaskMayAnswerTerminateWithAResult() {
    JvmProcess<String> process =
        JvmProcess.on(Processes.of(1))
            .captured()
            .start(() -> {
              try {
                sleep();
                return "all of it";
              } catch (InterruptedException e) {
                return "half of it";
              }
            });
    awaitLine(process, "asleep");

    process.terminate();

    assertThat(process.result()).isEqualTo("half of it");
    process.join();
    assertThat(process.exitCode()).hasValue(0);
  }

  @Test
  void terminateEndsATaskThatIgnoresInterruptsAndItsShutdownHooksRun() {
    Path hook = directory.resolve("hook");
    String file = hook.toString();
    JvmProcess<?> process =
        JvmProcess.on(Processes.of(1))
            .captured()
            .start(() -> {
              Runtime.getRuntime().addShutdownHook(new Thread(() -> write(file)));
              System.out.println("spinning");
              spin();
            });
    awaitLine(process, "spinning");

    process.terminate();
    process.join();

    assertThat(process.exitCode()).hasValue(143);
    assertThat(hook).exists();
  }

  @Test
  void terminateBeforeTheTaskHasBegunIsNotLost() {
    JvmProcess<?> process = JvmProcess.start(JvmProcessTest::sleep);

    process.terminate();
    process.join();

    assertThat(process.exitCode()).hasValue(143);
  }

  @Test
  void joinWithADeadlineSaysWhetherItHasEnded() {
    JvmProcess<?> process = JvmProcess.start(JvmProcessTest::sleep);

    assertThat(process.join(ofMillis(10))).isFalse();
    assertThat(process.isAlive()).isTrue();
    process.kill();
    assertThat(process.join(ofSeconds(Long.MAX_VALUE))).isTrue();
  }

  @Test
  void whoWaitsCanBeInterruptedAndTheProcessGoesOn() {
    try (JvmProcess<?> process = JvmProcess.start(JvmProcessTest::sleep)) {
      Thread.currentThread().interrupt();

      assertThatThrownBy(process::result).isInstanceOf(CancellationException.class);

      assertThat(Thread.interrupted()).isTrue();
      assertThat(process.isAlive()).isTrue();
    }
  }

  @Test
  void closeEndsWhatStillRuns() {
    JvmProcess<?> process = JvmProcess.on(Processes.of(1)).captured().start(JvmProcessTest::sleep);
    awaitLine(process, "asleep");

    process.close();

    assertThat(process.exitCode()).hasValue(143);
    assertThatThrownBy(() -> process.output().toList())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void theResultIsThereBeforeTheLastThreadOfTheProcessHasEnded() {
    Path gate = directory.resolve("gate");
    String file = gate.toString();
    JvmProcess<String> process =
        JvmProcess.start(() -> {
          new Thread(() -> waitFor(file)).start();
          return "done";
        });

    assertThat(process.result()).isEqualTo("done");
    assertThat(process.isAlive()).isTrue();
    write(file);
    process.join();

    assertThat(process.exitCode()).hasValue(0);
  }

  // ---- what it is

  @Test
  void aProcessRunsItsTaskInAJvmOfItsOwn() {
    int answer = 42;

    JvmProcess<Long> process = JvmProcess.start(() -> ProcessHandle.current().pid() + answer);

    assertThat(process.result()).isEqualTo(process.pid() + answer);
    process.join();
    assertThat(process.exitCode()).hasValue(0);
    assertThat(process.name()).startsWith("fan-process-");
    assertThat(process.daemon()).isFalse();
    assertThat(process.toString()).contains("exit code 0");
  }

  @Test
  void nothingIsAResultToo() {
    JvmProcess<String> process = JvmProcess.start(() -> System.getProperty("no.such.property"));

    assertThat(process.result()).isNull();
    assertThat(JvmProcess.start(() -> System.gc()).result()).isNull();
  }

  @Test
  void aVeryLargeResultComesBackWhole() {
    JvmProcess<long[]> process =
        JvmProcess.start(() -> {
          long[] all = new long[8_000_000];
          java.util.Arrays.setAll(all, i -> i);
          return all;
        });

    long[] result = process.result();

    assertThat(result.length).isEqualTo(8_000_000);
    assertThat(result[7_999_999]).isEqualTo(7_999_999);
  }

  @Test
  void aProcessHasAllMeansAProgramHasAlsoParallelOnes() {
    JvmProcess<Integer> process =
        JvmProcess.start(() ->
            Fan.on(Processes.of(2))
                    .map(Range.of(0, 10), i -> ProcessHandle.current().pid())
                    .stream()
                    .anyMatch(pid -> pid == ProcessHandle.current().pid())
                ? 1
                : 0);

    assertThat(process.result()).isZero();
  }

  @Test
  void settingsOfWorkersAreThoseOfProcesses() {
    Processes settings =
        Processes.of(1).environment("COLOUR", "blue").directory(directory).jvmOptions("-Dx=y");

    JvmProcess<String> process =
        JvmProcess.on(settings)
            .name("a name/with all sorts")
            .start(() ->
                System.getenv("COLOUR") + System.getProperty("x") + System.getProperty("user.dir"));

    assertThat(process.result()).isEqualTo("bluey" + directory.toAbsolutePath());
    assertThat(process.name()).isEqualTo("a name/with all sorts");
  }

  @Test
  void manyMayWaitForOneAndBeToldOfItsEnd() {
    JvmProcess<Integer> process = JvmProcess.start(() -> 7);
    List<CompletableFuture<Integer>> waiting =
        Stream.generate(() -> CompletableFuture.supplyAsync(process::result)).limit(4).toList();
    CompletableFuture<JvmProcess<Integer>> cancelled = process.onExit();
    cancelled.cancel(true);

    JvmProcess<Integer> told = process.onExit().join();

    assertThat(told).isSameAs(process);
    assertThat(told.exitCode()).hasValue(0);
    assertThat(waiting).allSatisfy(one -> assertThat(one.join()).isEqualTo(7));
  }

  @Test
  void processesTalkThroughWhatIsShared() throws Exception {
    SharedQueue<String> words = Shared.queue(2);
    JvmProcess<?> speaker =
        JvmProcess.start(() -> {
          words.put("hello");
          words.put("there");
        });

    assertThat(words.take()).isEqualTo("hello");
    assertThat(words.take()).isEqualTo("there");
    speaker.join();
  }

  @Test
  void manyMayStartAndEndProcessesAtTheSameTime() {
    List<CompletableFuture<Integer>> all =
        IntStream.range(0, 8)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> startedAndEnded(i)))
            .toList();

    assertThat(all).extracting(CompletableFuture::join).containsOnly(137, 143);
  }

  private static int startedAndEnded(int i) {
    JvmProcess<?> process = JvmProcess.start(JvmProcessTest::sleep);
    if (i % 2 == 0) {
      process.kill();
    }
    process.close();
    process.kill();
    process.terminate();
    process.close();
    return process.exitCode().orElseThrow();
  }

  // ---- what it prints

  @Test
  void whatItPrintsAppearsHere() {
    PrintStream before = System.out;
    var printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      JvmProcess.start(
              () -> {
                System.out.print("grüße");
                System.exit(0);
              })
          .join();
    } finally {
      System.setOut(before);
    }

    assertThat(printed.toString(StandardCharsets.UTF_8)).contains("grüße\n");
  }

  @Test
  void capturedOutputIsReadAsItComesAndAgainFromTheStart() throws Exception {
    Path gate = directory.resolve("gate");
    String file = gate.toString();
    JvmProcess<?> process =
        JvmProcess.on(Processes.of(1))
            .captured()
            .start(() -> {
              System.out.println("früh");
              System.err.println("mistake");
              new ProcessBuilder("echo", "native").inheritIO().start().waitFor();
              waitFor(file);
              System.out.print("late");
            });
    var seen = new CountDownLatch(3);
    var all =
        CompletableFuture.supplyAsync(() -> process.output().peek(_ -> seen.countDown()).toList());

    seen.await();
    assertThat(process.isAlive()).isTrue();
    write(file);

    assertThat(all.join()).containsExactly("früh", "mistake", "native", "late");
    assertThat(process.output()).containsExactly("früh", "mistake", "native", "late");
  }

  @Test
  void outputThatIsNotCapturedIsNotKept() {
    JvmProcess<Integer> process = JvmProcess.start(() -> 1);

    assertThatThrownBy(process::output)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("captured()");
    process.join();
  }

  // ---- the JVM that started it

  @Test
  void nothingIsLeftOfManyThatWereStartedOneAfterTheOther() throws IOException {
    startMany(3);
    List<String> filesBefore = files();
    long descriptorsBefore = descriptors();

    startMany(30);

    assertThat(files()).isEqualTo(filesBefore);
    await().untilAsserted(() -> assertThat(threads()).isEmpty());
    await().untilAsserted(() -> assertThat(descriptors()).isLessThanOrEqualTo(descriptorsBefore));
  }

  private static void startMany(int count) {
    for (int i = 0; i < count; i++) {
      int number = i;
      try (JvmProcess<Integer> process =
          i % 2 == 0
              ? JvmProcess.start(() -> number)
              : JvmProcess.on(Processes.of(1)).captured().start(() -> number)) {
        assertThat(process.result()).isEqualTo(number);
        process.join();
      }
    }
  }

  private static List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(Session.current().directory())) {
      return all.map(Path::toString).filter(file -> !file.contains("fan-worker")).sorted().toList();
    }
  }

  private static long descriptors() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.count();
    }
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("fan-process-"))
        .toList();
  }

  @Test
  void aJvmWaitsForItsProcessesUnlessTheyAreDaemons() {
    Path awaited = directory.resolve("awaited");
    Path daemon = directory.resolve("daemon");

    Process parent = parent(awaited, daemon);
    await().until(() -> Files.exists(daemon));
    long pid = Long.parseLong(read(daemon));
    write(awaited.toString());

    await().until(() -> !parent.isAlive());
    assertThat(parent.exitValue()).isZero();
    assertThat(read(awaited)).isEqualTo("finished");
    assertThat(ProcessHandle.of(pid)).isEmpty();
  }

  @Test
  void aJvmThatIsKilledTakesItsProcessesWithIt() {
    Path daemon = directory.resolve("daemon");
    Process parent = parent(directory.resolve("awaited"), daemon);
    await().until(() -> Files.exists(daemon));
    long pid = Long.parseLong(read(daemon));
    List<ProcessHandle> children = parent.children().toList();
    assertThat(children).anyMatch(child -> child.pid() == pid).hasSize(2);

    parent.destroyForcibly();

    await().untilAsserted(() -> assertThat(children).noneMatch(ProcessHandle::isAlive));
  }

  private static Process parent(Path awaited, Path daemon) {
    try {
      return new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-cp",
              System.getProperty("java.class.path"),
              StartsTwo.class.getName(),
              awaited.toString(),
              daemon.toString())
          .inheritIO()
          .start();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /// A program whose main method ends while two processes run.
  static final class StartsTwo {
    private StartsTwo() {}

    public static void main(String[] args) {
      String awaited = args[0];
      String daemon = args[1];
      JvmProcess.start(() -> {
        waitFor(awaited);
        Files.writeString(Path.of(awaited), "finished");
      });
      JvmProcess.on(Processes.of(1))
          .daemon()
          .start(() -> {
            write(daemon);
            spin();
          });
    }
  }

  // ---- what processes do here

  private static void spin() {
    while (true) {
      Thread.onSpinWait();
    }
  }

  private static void sleep() throws InterruptedException {
    System.out.println("asleep");
    Thread.sleep(Long.MAX_VALUE);
  }

  private static void waitFor(String file) {
    while (!Files.exists(Path.of(file))) {
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /// Whole or not at all.
  private static void write(String file) {
    try {
      Path part = Files.writeString(Path.of(file + ".part"), "" + ProcessHandle.current().pid());
      Files.move(part, Path.of(file));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void awaitLine(JvmProcess<?> process, String line) {
    assertThat(process.output().anyMatch(line::equals)).isTrue();
  }
}

package io.fanwise.cli.exec;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What every spawner promises.
@ParameterizedClass(name = "{0}")
@EnumSource
@Timeout(120)
class SpawnerTest {
  private static final Duration GRACE = ofMillis(300);

  enum Kind {
    POSIX {
      @Override
      Spawner open(Duration grace) {
        assumeTrue(PosixSpawner.works());
        return new PosixSpawner(grace);
      }
    },
    PORTABLE {
      @Override
      Spawner open(Duration grace) {
        return new PortableSpawner(grace);
      }
    };

    abstract Spawner open(Duration grace);
  }

  @Parameter Kind kind;
  @TempDir Path directory;
  private Spawner spawner;

  @BeforeEach
  void open() {
    spawner = kind.open(GRACE);
  }

  @AfterEach
  void close() {
    spawner.close();
  }

  // what comes back

  @Test
  void whatAProgramPrintsComesBackApart() throws Exception {
    Finished finished = sh("echo out; echo err >&2");

    assertThat(finished.exit()).isEqualTo(new Exit.Code(0));
    assertThat(finished.stdout().text()).isEqualTo("out\n");
    assertThat(finished.stderr().text()).isEqualTo("err\n");
    assertThat(finished.stdout().complete()).isTrue();
  }

  @Test
  void everyExitCodeComesBack() throws Exception {
    for (int code : List.of(0, 1, 42, 126, 127)) {
      assertThat(sh("exit " + code).exit()).isEqualTo(new Exit.Code(code));
    }
  }

  @Test
  void aSignalComesBackByItsName() throws Exception {
    Exit killed = sh("kill -9 $$").exit();

    assertThat(killed).isEqualTo(new Exit.Signal(9)).hasToString("SIGKILL");
    assertThat(killed.status()).isEqualTo(137);
    assertThat(killed.good()).isFalse();
    assertThat(sh("kill -TERM $$").exit()).hasToString("SIGTERM");
  }

  @Test
  void theDurationIsThatOfTheProgram() throws Exception {
    assertThat(sh("sleep 0.2").duration()).isBetween(ofMillis(200), ofSeconds(5));
  }

  @Test
  void binaryOutputIsUnharmed() throws Exception {
    byte[] bytes = new byte[256];
    IntStream.range(0, bytes.length).forEach(i -> bytes[i] = (byte) i);
    Path file = Files.write(directory.resolve("bytes"), bytes);

    assertThat(run("cat", file.toString()).stdout().bytes()).isEqualTo(bytes);
  }

  @Test
  void manyMegabytesOnBothOutputsDoNotBlock() throws Exception {
    Finished finished =
        spawner.run(
            Command.of(
                    "sh", "-c", "head -c 30000000 /dev/zero & head -c 20000000 /dev/zero >&2; wait")
                .keep(new Keep(1 << 26, 1 << 26)));

    assertThat(finished.stdout().size()).isEqualTo(30_000_000);
    assertThat(finished.stderr().size()).isEqualTo(20_000_000);
  }

  @Test
  void theBeginningOfStdoutAndTheEndOfStderrAreKept() throws Exception {
    String numbers = "seq 1 100000";
    Finished finished =
        spawner.run(
            Command.of("sh", "-c", numbers + "; " + numbers + " >&2").keep(new Keep(10, 13)));

    assertThat(finished.exit().good()).isTrue();
    assertThat(finished.stdout().text()).isEqualTo("1\n2\n3\n4\n5\n");
    assertThat(finished.stderr().text()).isEqualTo("99999\n100000\n");
    assertThat(finished.stdout().complete()).isFalse();
    assertThat(finished.stdout().printed()).isEqualTo(588_895);
  }

  @Test
  void nothingIsKeptWhereNothingIsWanted() throws Exception {
    Finished finished =
        spawner.run(Command.of("sh", "-c", "echo out; echo err >&2").keep(new Keep(0, 0)));

    assertThat(finished.stdout().size()).isZero();
    assertThat(finished.stderr().size()).isZero();
    assertThat(finished.stderr().printed()).isEqualTo(4);
  }

  @Test
  void aProgramThatClosesItsOutputsEarlyIsWaitedFor() throws Exception {
    Finished finished = sh("echo early; exec >&- 2>&-; sleep 0.3; exit 7");

    assertThat(finished.exit()).isEqualTo(new Exit.Code(7));
    assertThat(finished.stdout().text()).isEqualTo("early\n");
    assertThat(finished.duration()).isGreaterThanOrEqualTo(ofMillis(300));
  }

  @Test
  void whatIsLeftInTheBackgroundIsNotWaitedForAndLives() throws Exception {
    Finished finished = sh("sleep 60 & echo $!");

    assertThat(finished.duration()).isLessThan(ofSeconds(30));
    ProcessHandle background =
        ProcessHandle.of(Long.parseLong(finished.stdout().text().strip())).orElseThrow();
    assertThat(background.isAlive()).isTrue();
    background.destroyForcibly();
  }

  @Test
  void aBackgroundThatPrintsForEverIsNotWaitedFor() throws Exception {
    Finished finished = sh("yes & echo $! >&2");

    ProcessHandle.of(Long.parseLong(finished.stderr().text().strip()))
        .ifPresent(ProcessHandle::destroyForcibly);
    assertThat(finished.exit()).isEqualTo(new Exit.Code(0));
  }

  // what goes in

  @Test
  void argumentsArriveAsTheyAre() throws Exception {
    List<String> arguments =
        List.of("a b", "", "'", "\"", "$HOME `x` \\", "line\nbreak", "*", "-n", "naïve ☃ 😀", "\t");
    List<String> words = new ArrayList<>(List.of("sh", "-c", "printf '%s\\001' \"$@\"", "sh"));
    words.addAll(arguments);

    String printed = spawner.run(Command.of(words)).stdout().text();

    assumeTrue(kind == Kind.POSIX || System.getProperty("sun.jnu.encoding").equals("UTF-8"));
    assertThat(printed.split("\u0001", -1)).startsWith(arguments.toArray(String[]::new));
  }

  @Test
  void aNulIsRefusedByName() {
    assertThatThrownBy(() -> Command.of("grep", "a\0b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "An argument of grep contains a NUL character, which no program can be given: 'a\\0b'");
  }

  @Test
  void theEnvironmentIsThatOfTheJvmAndMore() throws Exception {
    Command command =
        Command.of("sh", "-c", "printf %s \"$PATH|$FAN_ONE|$HOME\"")
            .environment(Map.of("FAN_ONE", "eins & zwei", "HOME", "/nowhere"));

    assertThat(spawner.run(command).stdout().text())
        .isEqualTo(System.getenv("PATH") + "|eins & zwei|/nowhere");
    assertThat(sh("printf %s \"$FAN_ONE\"").stdout().text()).isEmpty();
  }

  @Test
  void aProgramRunsWhereItIsTold() throws Exception {
    script(directory.resolve("here"), "#!/bin/sh\npwd -P");

    Command command = Command.of("./here").directory(directory);

    assertThat(spawner.run(command).stdout().text()).isEqualTo(directory.toRealPath() + "\n");
  }

  @Test
  void thereIsNothingOnStandardInputUnlessGiven() throws Exception {
    assertThat(run("cat").stdout().size()).isZero();
    assertThat(sh("test -c /dev/stdin").exit().good()).isTrue();
  }

  @Test
  void moreThanAPipeHoldsCanBeReadFromStandardInput() throws Exception {
    String text = "zeile ☃\n".repeat(100_000);

    Finished finished = spawner.run(Command.of("cat").stdin(text));

    assertThat(finished.stdout().text()).isEqualTo(text);
  }

  @Test
  void aProgramNeedNotReadWhatItIsGiven() throws Exception {
    assertThat(spawner.run(Command.of("true").stdin("x".repeat(1_000_000))).exit().good()).isTrue();
  }

  @Test
  void aScriptWithoutAFirstLineIsTheShells() throws Exception {
    Path script = script(directory.resolve("plain"), "echo \"$1\"");

    assertThat(run(script.toString(), "a b").stdout().text()).isEqualTo("a b\n");
  }

  // what cannot be started

  @Test
  void aMissingProgramIsNamed() {
    assertNotStarted(
        Command.of("no-such-program", "x"),
        NotStarted.Reason.NO_PROGRAM,
        "Cannot start no-such-program: there is no such program on the PATH.");
    assertNotStarted(
        Command.of("./no-such-program"),
        NotStarted.Reason.NO_PROGRAM,
        "Cannot start ./no-such-program: there is no such file.");
  }

  @Test
  void aMissingInterpreterIsNamed() throws Exception {
    Path script = script(directory.resolve("odd"), "#!/no/such/python3\n");

    assertNotStarted(
        Command.of(script.toString()),
        NotStarted.Reason.NO_PROGRAM,
        "Cannot start "
            + script
            + ": the interpreter in its first line, #!/no/such/python3, does not exist.");
  }

  @Test
  void aFileThatIsNoProgramIsNamed() throws Exception {
    Path file = Files.writeString(directory.resolve("notes"), "x");

    assertNotStarted(
        Command.of(file.toString()),
        NotStarted.Reason.NOT_EXECUTABLE,
        "Cannot start "
            + file
            + ": "
            + file
            + " may not be executed. Run chmod +x on it, or put its interpreter in front.");
    assertNotStarted(
        Command.of(directory.toString()),
        NotStarted.Reason.NOT_EXECUTABLE,
        "Cannot start " + directory + ": it is a directory.");
  }

  @Test
  void aMissingDirectoryIsNamed() {
    assertNotStarted(
        Command.of("true").directory(directory.resolve("gone")),
        NotStarted.Reason.NO_DIRECTORY,
        "Cannot start true: there is no directory " + directory.resolve("gone") + " to run it in.");
  }

  @Test
  void tooLongAnArgumentIsExplained() {
    assertThatThrownBy(() -> run("echo", "x".repeat(10_000_000)))
        .isInstanceOf(NotStarted.class)
        .hasMessageStartingWith("Cannot start echo: its arguments, 10,000,004 characters");
  }

  // how it ends early

  @Test
  void anInterruptEndsTheProgramWithinMoments() throws Exception {
    Running sleeping = start("sleep 100");

    long before = System.nanoTime();
    sleeping.interrupt();

    assertThatThrownBy(sleeping::outcome).isInstanceOf(InterruptedException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(GRACE.multipliedBy(5));
    assertThat(spawner.running()).isZero();
  }

  @Test
  void anInterruptEndsTheWholeTree() throws Exception {
    Running tree = start("sleep 100 & sh -c 'sleep 100 & sleep 100' & sleep 100");
    Descendants all = descendants(5);

    tree.interrupt();

    assertThatThrownBy(tree::outcome).isInstanceOf(InterruptedException.class);
    await().until(all::gone);
  }

  @Test
  void anInterruptEndsWhatLeftTheGroupToo() throws Exception {
    Running tree = start("setsid sleep 100 & sleep 100");
    Descendants all = descendants(3);

    tree.interrupt();

    assertThatThrownBy(tree::outcome).isInstanceOf(InterruptedException.class);
    await().until(all::gone);
  }

  @Test
  void aProgramThatIgnoresTheRequestIsKilledAfterTheGrace() throws Exception {
    Running stubborn = start("trap '' TERM; sleep 100 & while :; do sleep 0.05; done");
    Descendants all = descendants(2);

    long before = System.nanoTime();
    stubborn.interrupt();

    assertThatThrownBy(stubborn::outcome).isInstanceOf(InterruptedException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(GRACE);
    await().until(all::gone);
  }

  @Test
  void aStoppedProgramIsEndedToo() throws Exception {
    Running stopped = start("kill -STOP $$; sleep 100");
    descendants(1);

    stopped.interrupt();

    assertThatThrownBy(stopped::outcome).isInstanceOf(InterruptedException.class);
  }

  @Test
  void aProgramHasTheGraceToCleanUp() throws Exception {
    Path cleaned = directory.resolve("cleaned");
    Path ready = directory.resolve("ready");
    Running tidy =
        start(
            "trap 'head -c 300000 /dev/zero; touch %s; exit' TERM; touch %s; sleep 100 & wait"
                .formatted(cleaned, ready));
    await().until(() -> Files.exists(ready));

    tidy.interrupt();

    assertThatThrownBy(tidy::outcome).isInstanceOf(InterruptedException.class);
    assertThat(cleaned).exists();
  }

  @Test
  void anInterruptBeforehandStartsNothing() throws Exception {
    Path touched = directory.resolve("touched");

    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> run("touch", touched.toString()))
        .isInstanceOf(InterruptedException.class);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    assertThat(touched).doesNotExist();
  }

  @Test
  void anInterruptedThreadCanRunTheNextProgram() throws Exception {
    for (int i = 0; i < 20; i++) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> run("true")).isInstanceOf(InterruptedException.class);

      assertThat(run("echo", "next").stdout().text()).isEqualTo("next\n");
    }
  }

  @Test
  void closingEndsAllThatRunsAndStartsNoMore() throws Exception {
    List<Running> all =
        List.of(
            start("sleep 100"),
            start("sleep 100 & sleep 100"),
            start("trap '' TERM; while :; do sleep 0.05; done"));
    await().until(() -> spawner.running() == 3);
    Descendants processes = descendants(5);

    spawner.close();

    await().until(processes::gone);
    assertThat(all.get(0).outcome().exit()).isEqualTo(new Exit.Signal(15));
    assertThat(all.get(1).outcome().exit()).isEqualTo(new Exit.Signal(15));
    assertThat(all.get(2).outcome().exit()).isEqualTo(new Exit.Signal(9));
    assertThatThrownBy(() -> run("true"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("The spawner is closed and starts nothing more.");
  }

  // many

  @Test
  void manyThreadsGetTheirOwnOutputs() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
      List<Future<String>> outputs = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        String name = "job " + i;
        outputs.add(
            threads.submit(
                () -> sh("for i in 1 2 3; do echo '%s'; done".formatted(name)).stdout().text()));
      }

      for (int i = 0; i < outputs.size(); i++) {
        assertThat(outputs.get(i).get()).isEqualTo("job %d\n".formatted(i).repeat(3));
      }
    }
  }

  @Test
  void processBuildersOfOthersAreLeftAlone() throws Exception {
    List<Process> others = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      others.add(new ProcessBuilder("sh", "-c", "exit 9").start());
      run("true");
    }

    for (Process other : others) {
      assertThat(other.waitFor()).isEqualTo(9);
    }
  }

  @Test
  void tenThousandRunsLeaveNothingBehind() throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")));
    int runs = kind == Kind.POSIX ? 10_000 : 1_000;
    run("true");
    long before = openFiles();

    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<Finished>> all =
          IntStream.range(0, runs).mapToObj(_ -> threads.submit(() -> run("true"))).toList();
      for (Future<Finished> one : all) {
        assertThat(one.get().exit().good()).isTrue();
      }
    }
    for (int i = 0; i < 100; i++) {
      assertThatThrownBy(() -> run("no-such-program")).isInstanceOf(NotStarted.class);
    }
    spawner.close();

    // a seat has two, the alarm and what the JDK needs; one of them more would be a leak
    await().untilAsserted(() -> assertThat(openFiles()).isLessThanOrEqualTo(before + 4));
    await().untilAsserted(() -> assertThat(ProcessHandle.current().children()).isEmpty());
  }

  // a run on a thread of its own

  private Running start(String script) {
    var running = new Running(new FutureTask<>(() -> sh(script)));
    running.thread.start();
    return running;
  }

  private static final class Running {
    private final FutureTask<Finished> task;
    private final Thread thread;

    Running(FutureTask<Finished> task) {
      this.task = task;
      thread = Thread.ofPlatform().unstarted(task);
    }

    void interrupt() {
      thread.interrupt();
    }

    Finished outcome() throws Exception {
      try {
        return task.get();
      } catch (ExecutionException e) {
        throw (Exception) e.getCause();
      }
    }
  }

  private Finished sh(String script) throws InterruptedException {
    return run("sh", "-c", script);
  }

  private Finished run(String... words) throws InterruptedException {
    return spawner.run(Command.of(words));
  }

  private void assertNotStarted(Command command, NotStarted.Reason reason, String message) {
    assertThatThrownBy(() -> spawner.run(command))
        .isInstanceOfSatisfying(NotStarted.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .hasMessage(message);
    assertThat(spawner.running()).isZero();
  }

  private static Descendants descendants(int atLeast) {
    return await()
        .pollInterval(ofMillis(10))
        .until(
            () -> Descendants.of(ProcessHandle.current().pid()),
            all -> all.processes().size() >= atLeast);
  }

  private static Path script(Path file, String text) throws IOException {
    Files.writeString(file, text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }

  private static long openFiles() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      return files.count();
    }
  }
}

package io.fanwise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `fan map --on processes`: as on threads, but what a task breaks is its own JVM.
class MapOnProcessesTest {
  private static final String PID = "ProcessHandle.current().pid()";

  @TempDir Path folder;

  // as on threads

  @Test
  void tasksRunInOtherJvmsAndResultsKeepTheirOrder() {
    String numbers = numbers(5_000);

    Typed typed = Typed.on(numbers).fan("map", "line", "--on", "processes", "-j", "2");
    Typed pids = Typed.on("a\nb\n").fan("map", PID, "--on", "processes", "-j", "2");

    assertThat(typed.out()).isEqualTo(numbers);
    assertThat(typed.said()).singleElement().asString().startsWith("fan: 5,000 done in ");
    assertThat(pids.lines()).hasSize(2).doesNotContain("" + ProcessHandle.current().pid());
  }

  @ParameterizedTest
  @CsvSource({
    "csv,   'name,n\nfig,1\npear,2\n', 'col(\"name\") + col(2) + row.place()'",
    "csv,   'name,n\nfig,1\npear,2\n', row",
    "jsonl, '{\"id\":7}\nx\n{\"id\":8}\n', json.get(\"id\").asInt() + 1",
    "jsonl, '{\"id\":7}\nx\n{\"id\":8}\n', json",
    "nul,   'a\nb\0c\0',               line.length()",
    "lines, 'a\nb\n',                  'new TreeMap<>(Map.of(\"line\", line))'",
    "lines, 'a\nb\n',                  'Optional.empty()'",
    "lines, 'a\nb\n',                  'System.getenv(line);'",
    "lines, 'a\nb\n',                  'null'"
  })
  void everyFormatComesOutAsItDoesOnThreads(String format, String input, String task) {
    String[] options = {"map", task, "--format", format, "--with", "index", "--progress", "none"};

    Typed threads = Typed.on(input).fan(options);
    Typed processes = Typed.on(input).fan(with(options, "--on", "processes", "-j", "1"));

    assertThat(processes).isEqualTo(threads);
  }

  @Test
  void aConditionIsAskedWhereTheTaskRuns() throws IOException {
    Path task =
        write(
            "Half.java",
            "public class Half { public int half(String text) { return Integer.parseInt(text) / 2; } }");
    String even = "Integer.parseInt(line) % 2 == 0";
    String[] options = {"map", "" + task, "--where", even, "--progress", "none", "--with", "index"};

    Typed threads = Typed.on(numbers(100)).fan(options);
    Typed processes = Typed.on(numbers(100)).fan(with(options, "--on", "processes", "-j", "2"));
    Typed expression = onProcesses("1\n2\nx\n4\n", "line + line", "--where", even);

    assertThat(processes).isEqualTo(threads);
    assertThat(processes.lines()).hasSize(50).startsWith("0\t0", "2\t1", "4\t2");
    assertThat(expression.lines()).containsExactly("22", "44");
    assertThat(expression.err()).contains("input:3 (x) failed: NumberFormatException");
  }

  @Test
  void whatFailsIsToldAndKept() throws IOException {
    Path failed = folder.resolve("failed.txt");

    Typed typed =
        onProcesses("1\nx\n3\n", "Integer.parseInt(line)", "--failures", "" + failed, "--stack");

    assertThat(typed.lines()).containsExactly("1", "3");
    assertThat(typed.err())
        .contains("input:2 (x) failed: java.lang.NumberFormatException: For input string: \"x\"")
        .contains("\tat java.base/java.lang.Integer.parseInt");
    assertThat(failed).hasContent("x");
    assertThat(folder.resolve("failed.txt.errors.jsonl"))
        .content()
        .contains("\"error\":\"java.lang.NumberFormatException: For input string:");
    assertThat(typed.code()).isEqualTo(1);
  }

  @Test
  void anExceptionOfTheUsersOwnIsToldByItsName() throws IOException {
    Path task =
        write(
            "Strict.java",
            """
            public class Strict {
              static class TooLong extends Exception { TooLong(String text) { super(text); } }
              public String of(String line) throws TooLong { throw new TooLong("by " + line); }
            }
            """);
    Path failed = folder.resolve("failed.txt");

    Typed typed = onProcesses("7\n", "" + task, "--failures", "" + failed);

    assertThat(typed.said().getFirst())
        .isEqualTo("fan: standard input:1 (7) failed: TooLong: by 7");
    assertThat(folder.resolve("failed.txt.errors.jsonl"))
        .content()
        .contains("\"error\":\"Strict$TooLong: by 7\"");
  }

  @Test
  void whatFailsIsTriedAgain() throws IOException {
    Path task =
        write(
            "Flaky.java",
            """
            import java.util.concurrent.atomic.AtomicInteger;
            public class Flaky {
              private final AtomicInteger tried = new AtomicInteger();
              public String of(String line) {
                if (tried.incrementAndGet() < 3) throw new IllegalStateException("busy");
                return line;
              }
            }
            """);

    Typed typed =
        onProcesses("a\n", "" + task, "--retries", "2", "--backoff", "0s", "--with", "attempts");

    assertThat(typed.lines()).containsExactly("a\t3");
    assertThat(typed.err()).contains("1 done, 2 retried in");
  }

  // what travels

  @Test
  void aTaskMayHoldWhatCannotTravelAsItIsMadeAnewInEachWorker() throws IOException {
    Path task =
        write(
            "Prepared.java",
            """
            import io.fanwise.work.Task;
            public class Prepared implements Task<String, String> {
              private final Object connection = new Object();
              private final long made = ProcessHandle.current().pid();
              public String run(String line) {
                return line + connection.getClass().getSimpleName()
                    + (made == ProcessHandle.current().pid());
              }
            }
            """);

    assertThat(onProcesses("a\n", "" + task).lines()).containsExactly("aObjecttrue");
  }

  @Test
  void aTaskThatCannotBeMadeInAWorkerEndsTheRunInOneLine() throws IOException {
    Path task =
        write(
            "Home.java",
            """
            public class Home implements io.fanwise.work.Task<String, String> {
              public Home() {
                if (System.getProperty("fanwise.worker") != null) {
                  throw new IllegalStateException("not here");
                }
              }
              public String run(String line) { return line; }
            }
            """);

    Typed typed = onProcesses("a\nb\n", "" + task);

    assertThat(typed.said().getFirst())
        .startsWith("fan: Cannot rebuild the task in the other JVM: ")
        .contains("Cannot create a Home: java.lang.IllegalStateException: not here");
    assertThat(typed.code()).isEqualTo(2);
  }

  @Test
  void aTaskFindsTheFilesOfItsClassPath() throws IOException {
    write("greeting.txt", "hello");
    String read =
        "var in = Thread.currentThread().getContextClassLoader().getResourceAsStream(line);"
            + " return new String(in.readAllBytes());";

    Typed typed = onProcesses("greeting.txt\n", read, "--class-path", "" + folder);

    assertThat(typed.lines()).containsExactly("hello");
  }

  // what a task breaks

  @Test
  void aTaskThatEndsItsJvmFailsOnlyItsInput() {
    Typed typed =
        onProcesses(numbers(200), "if (number == 7) System.exit(3); return line;", "-j", "2");

    assertThat(typed.lines()).hasSize(199).doesNotContain("6");
    assertThat(typed.said().getFirst())
        .matches(
            "fan: standard input:7 \\(6\\) failed: worker fan-worker-\\d+ ended with exit code 3"
                + " in the middle of the task");
    assertThat(typed.code()).isEqualTo(1);
  }

  @Test
  void aTaskThatComputesForEverIsEndedAtItsTimeout() {
    Typed typed =
        onProcesses(
            "1\n2\n3\n",
            "while (number == 2) Thread.onSpinWait(); return line;",
            "--timeout",
            "2s");

    assertThat(typed.lines()).containsExactly("1", "3");
    assertThat(typed.said().getFirst()).contains("standard input:2 (2) failed: timed out after");
  }

  @Test
  void noWorkerIsLeftWhenTheCommandEnds() {
    Typed typed = onProcesses("a\n", PID);

    long pid = Long.parseLong(typed.lines().getFirst());
    await()
        .untilAsserted(
            () -> assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty());
  }

  // giving up

  @Test
  void aRunIsGivenUpNowAlsoWhenTheFailureStandsBehindASlowInput() {
    Typed typed =
        onProcesses(
            "60000\nx\n" + numbers(10_000),
            "Thread.sleep(Long.parseLong(line)); return line;",
            "-j",
            "2",
            "--halt",
            "now,fail=1");

    assertThat(typed.out()).isEmpty();
    assertThat(typed.said().getFirst())
        .contains("standard input:2 (x) failed: NumberFormatException");
    assertThat(typed.said().getLast()).startsWith("fan: halted: 0 done, 1 failed in ");
    assertThat(typed.code()).isEqualTo(1);
  }

  @Test
  void aRunGivenUpForALostWorkerHasFailed() {
    Typed typed =
        onProcesses(
            "60000\n0\n",
            "if (number == 2) System.exit(3); Thread.sleep(Long.parseLong(line)); return line;",
            "-j",
            "2",
            "--batch",
            "1",
            "--halt",
            "now,fail=1");

    assertThat(typed.said().getFirst()).contains("standard input:2 (0) failed: ", "exit code 3");
    assertThat(typed.said().getLast()).startsWith("fan: halted: 0 done, 1 failed in ");
    assertThat(typed.code()).isEqualTo(1);
  }

  @Test
  void everyLostWorkerThatIsCountedIsToldByItsInput() {
    Typed typed =
        onProcesses(
            "1\n2\n3\n4\n",
            "System.exit(3); return line;",
            "-j",
            "4",
            "--batch",
            "1",
            "--halt",
            "now,fail=1");

    List<String> named =
        typed.said().stream().filter(line -> line.contains("exit code 3")).toList();
    assertThat(named).isNotEmpty().doesNotHaveDuplicates();
    assertThat(typed.said().getLast())
        .startsWith("fan: halted: 0 done, " + named.size() + " failed in ");
  }

  // what the workers are like

  @Test
  void theHeapOfAWorkerCanBeSet() {
    Typed typed = onProcesses("a\n", "Runtime.getRuntime().maxMemory() >> 20", "--heap", "64m");

    assertThat(Long.parseLong(typed.lines().getFirst())).isBetween(50L, 64L);
  }

  @Test
  void aWorkerCanBeReplacedAfterSoManyInputs() {
    Typed typed = onProcesses(numbers(4), PID, "--recycle", "2");

    assertThat(typed.lines()).hasSize(4);
    assertThat(typed.lines().stream().distinct()).hasSize(2);
  }

  @Test
  void aWorkerCanBeReplacedWhenItHasGrown() {
    assertThat(Recycle.parse("1000")).isEqualTo(new Recycle.After(1_000));
    assertThat(Recycle.parse("800m")).isEqualTo(new Recycle.Above("800m"));
    assertThat(onProcesses(numbers(4), "line", "--recycle", "4g").lines()).hasSize(4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "map line --heap 1g | --heap is about worker JVMs, but the task would run on threads: add --on processes, or leave it out",
        "map line --recycle 9 --on virtual | --recycle is about worker JVMs, but the task would run on virtual: add --on processes, or leave it out",
        "map line --on processes --heap big | heap must be a number with k, m or g behind it, such as 512m, was big",
        "map line --on processes --recycle 0 | Invalid value for option '--recycle': '0' is neither a number of inputs, such as 1000, nor an amount of memory, such as 800m",
        "exec echo --on processes | programs are run on threads, or sequential, not on processes",
        "exec echo --heap 1g | Unknown option: '--heap'"
      })
  void aMistakeInAnOptionIsOneLineAndAHint(String command, String said) {
    Typed typed = Typed.on("a\n").fan(command.split(" "));

    assertThat(typed.said()).hasSize(2).startsWith("fan: " + said);
    assertThat(typed.code()).isEqualTo(2);
  }

  private static Typed onProcesses(String input, String task, String... options) {
    String[] first = {"map", task, "--on", "processes"};
    boolean jobs = Arrays.asList(options).contains("-j");
    return Typed.on(input).fan(with(jobs ? first : with(first, "-j", "1"), options));
  }

  private static String[] with(String[] first, String... more) {
    String[] all = Arrays.copyOf(first, first.length + more.length);
    System.arraycopy(more, 0, all, first.length, more.length);
    return all;
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static String numbers(int count) {
    return IntStream.range(0, count).mapToObj(i -> i + "\n").collect(Collectors.joining());
  }
}

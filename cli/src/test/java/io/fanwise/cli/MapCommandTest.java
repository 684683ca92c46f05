package io.fanwise.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MapCommandTest {
  private static final String FRUIT = "name,price\napple,1.5\npear,x\nfig,0.1\n";

  @TempDir Path folder;

  // inputs

  @Test
  void aTaskIsRunOnEachLineOfStandardInput() {
    Typed typed = Typed.on("hello\nworld!\n").fan("map", "line.length()");

    assertThat(typed.out()).isEqualTo("5\n6\n");
    assertThat(typed.code()).isZero();
    assertThat(typed.said()).singleElement().asString().startsWith("fan: 2 done in ");
  }

  @Test
  void filesAreReadOneAfterAnother() throws IOException {
    Path first = write("a.txt", "1\n2\n");
    Path second = write("b.txt", "3\n");

    Typed typed = Typed.on("0\n").fan("map", "line + row.place()", "" + first, "-", "" + second);

    assertThat(typed.lines())
        .containsExactly(
            "1" + first + ":1", "2" + first + ":2", "0standard input:1", "3" + second + ":1");
  }

  @Test
  void theNameOfAFileSaysItsFormatAlsoWhenItIsPacked() throws IOException {
    Path packed = folder.resolve("fruit.csv.gz");
    try (var out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write(FRUIT.getBytes(UTF_8));
    }

    Typed typed = Typed.fan("map", "col(\"name\")", "" + packed);

    assertThat(typed.lines()).containsExactly("apple", "pear", "fig");
  }

  @ParameterizedTest
  @CsvSource({
    "csv,   'name,n\nfig,1\n',  col(\"name\"), fig",
    "tsv,   'name\tn\nfig,\t1\n', col(\"name\"), 'fig,'",
    "jsonl, '{\"id\":7}\n',     json.get(\"id\").asInt() + 1, 8",
    "nul,   'a\nb\0',           line.length(), 3",
    "lines, 'name,n\n',         line, 'name,n'"
  })
  void theFormatCanBeGiven(String format, String input, String task, String result) {
    assertThat(Typed.on(input).fan("map", task, "--format", format).lines())
        .containsExactly(result);
  }

  @Test
  void aTableMayHaveNoHeader() {
    Typed typed = Typed.on("fig,1\n").fan("map", "col(1)", "--format", "csv", "--no-header");

    assertThat(typed.out()).isEqualTo("fig\n");
  }

  @Test
  void theEncodingCanBeGiven() throws IOException {
    Path file = Files.writeString(folder.resolve("latin.txt"), "Käse\n", ISO_8859_1);

    assertThat(Typed.fan("map", "line", "" + file, "--encoding", "ISO-8859-1").out())
        .isEqualTo("Käse\n");
    assertThat(Typed.fan("map", "line", "" + file).err())
        .contains("latin.txt:1: not UTF-8: byte 0xE4 at offset 1");
  }

  @Test
  void whatCameBeforeAnUnreadableLineIsDone() throws IOException {
    Path file = folder.resolve("torn.txt");
    Files.write(file, new byte[] {'a', '\n', 'b', '\n', (byte) 0xFF, '\n', 'c', '\n'});

    Typed typed = Typed.fan("map", "line", "" + file);

    assertThat(typed.out()).isEqualTo("a\nb\n");
    assertThat(typed.err()).contains("torn.txt:3: not UTF-8");
    assertThat(typed.code()).isEqualTo(2);
  }

  // results

  @Test
  void resultsAreWrittenAsTheNameOfTheOutputSays() throws IOException {
    Path out = folder.resolve("out.jsonl.gz");

    Typed typed = Typed.on("a\n").fan("map", "Map.of(\"n\", number)", "-o", "" + out, "--echo");

    try (InputStream in = new GZIPInputStream(Files.newInputStream(out))) {
      assertThat(in.readAllBytes())
          .asString(UTF_8)
          .isEqualTo("{\"input\":\"a\",\"result\":{\"n\":1}}\n");
    }
    assertThat(typed.out()).isEmpty();
  }

  @Test
  void aRecordCanSayMoreThanTheResult() {
    Typed typed =
        Typed.on("a\n")
            .fan("map", "line", "--with", "index,attempts,MS", "--echo", "--output-format", "tsv");

    assertThat(typed.lines().getFirst()).isEqualTo("index\tinput\tresult\tattempts\tms");
    assertThat(typed.lines().getLast()).matches("0\ta\ta\t1\t\\d+\\.\\d{3}");
  }

  @Test
  void anOutputThatIsAnInputIsRefused() throws IOException {
    Path file = write("a.txt", "1\n");

    Typed typed = Typed.fan("map", "line", "" + file, "-o", "" + file);

    assertThat(typed.code()).isEqualTo(2);
    assertThat(file).hasContent("1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"threads", "virtual", "sequential"})
  void resultsKeepTheOrderOfInputsWhereverTheyAreMade(String on) {
    String numbers = numbers(5_000);

    Typed typed = Typed.on(numbers).fan("map", "line", "--on", on, "-j", "3");

    assertThat(typed.out()).isEqualTo(numbers);
  }

  @Test
  void resultsMayComeAsTheyFinish() {
    Typed typed =
        Typed.on("300\n0\n")
            .fan(
                "map",
                "Thread.sleep(Long.parseLong(line)); return line;",
                "--unordered",
                "-j",
                "2");

    assertThat(typed.lines()).containsExactly("0", "300");
  }

  @Test
  void batchAndWindowCanBeSet() {
    String numbers = numbers(1_000);

    Typed typed = Typed.on(numbers).fan("map", "line", "--batch", "7", "--window", "20", "-j", "2");

    assertThat(typed.out()).isEqualTo(numbers);
  }

  // failures

  @Test
  void whatFailsIsToldAndTheRestGoesOn() throws IOException {
    Path file = write("fruit.csv", FRUIT);

    Typed typed = Typed.fan("map", "Double.parseDouble(col(\"price\"))", "" + file);

    assertThat(typed.lines()).containsExactly("1.5", "0.1");
    assertThat(typed.said().getFirst())
        .isEqualTo(
            "fan: " + file + ":3 (pear,x) failed: NumberFormatException: For input string: \"x\"");
    assertThat(typed.said().getLast()).startsWith("fan: 2 done, 1 failed in ");
    assertThat(typed.code()).isEqualTo(1);
  }

  @Test
  void aStackTraceIsShownOnlyOnRequest() {
    Typed without = Typed.on("x\n").fan("map", "Integer.parseInt(line)");
    Typed with = Typed.on("x\n").fan("map", "Integer.parseInt(line)", "--stack");

    assertThat(without.err()).doesNotContain("\tat ");
    assertThat(with.err()).contains("\tat java.base/java.lang.Integer.parseInt");
  }

  @Test
  void inputsThatFailedAreKeptToBeRunAgain() throws IOException {
    Path file = write("fruit.csv", FRUIT);
    Path failed = folder.resolve("failed.csv");

    Typed.fan("map", "Double.parseDouble(col(\"price\"))", "" + file, "--failures", "" + failed);
    Typed again = Typed.fan("map", "col(\"name\")", "" + failed);

    assertThat(again.out()).isEqualTo("pear\n");
    assertThat(folder.resolve("failed.csv.errors.jsonl"))
        .content()
        .contains("NumberFormatException");
  }

  @Test
  void onlyTheFirstFailuresAreTold() {
    Typed typed = Typed.on("x\n".repeat(25)).fan("map", "Integer.parseInt(line)");

    assertThat(typed.said()).hasSize(12);
    assertThat(typed.said().get(10))
        .isEqualTo("fan: … and 15 more; --failures FILE keeps them all");
  }

  @Test
  void whatFailsIsTriedAgain() {
    String flaky =
        "if (TRIED.merge(line, 1, Integer::sum) < 3) throw new IOException(\"busy\"); return line;";

    Typed typed =
        Typed.on("a\nb\n")
            .fan(
                "map", "" + task(flaky), "--retries", "2", "--backoff", "0s", "--with", "attempts");

    assertThat(typed.lines()).containsExactly("a\t3", "b\t3");
    assertThat(typed.err()).contains("2 done, 4 retried in");
  }

  @Test
  void aFailureSaysHowOftenItWasTried() {
    Typed typed =
        Typed.on("x\n")
            .fan("map", "Integer.parseInt(line)", "--retries", "2", "--backoff", "1ms..2ms");

    assertThat(typed.said().getFirst())
        .contains("(x) failed after 3 attempts: NumberFormatException");
  }

  @Test
  void anAttemptHasItsTime() {
    Typed typed =
        Typed.on("0\n60000\n")
            .fan(
                "map",
                "Thread.sleep(Long.parseLong(line)); return line;",
                "--timeout",
                "200ms",
                "-j",
                "2");

    assertThat(typed.out()).isEqualTo("0\n");
    assertThat(typed.said().getFirst())
        .isEqualTo("fan: standard input:2 (60000) failed: timed out after 0.2s");
  }

  @Test
  void aRateIsKept() {
    long begun = System.nanoTime();

    Typed typed = Typed.on(numbers(12)).fan("map", "line", "--rate", "20/s", "-j", "4");

    assertThat(typed.lines()).hasSize(12);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(400));
  }

  // giving up

  @Test
  void aRunIsGivenUpNowAlsoWhenTheFailureStandsBehindASlowInput() {
    Typed typed =
        Typed.on("60000\nx\n" + numbers(100_000))
            .fan(
                "map",
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
  void aRunIsGivenUpSoonWhenWhatRunsHasFinished() {
    Typed typed =
        Typed.on("x\n" + numbers(1_000_000))
            .fan("map", "Integer.parseInt(line)", "--halt", "soon,fail=1");

    assertThat(typed.lines()).hasSizeLessThan(1_000_000);
    assertThat(typed.code()).isEqualTo(1);
  }

  @Test
  void aRunMayBeGivenUpByAPercentage() {
    Typed typed =
        Typed.on("x\n1\n".repeat(500_000))
            .fan("map", "Integer.parseInt(line)", "--halt", "now,fail=40%");

    assertThat(typed.lines().size()).isLessThan(500_000);
    assertThat(typed.err()).contains("fan: halted: ");
  }

  // what the user gets wrong

  @Test
  void aCompileErrorPointsAtTheMistake() {
    Typed typed = Typed.on("a\n").fan("map", "line.lenght()");

    assertThat(typed.err())
        .startsWith("fan: task:1: error: cannot find symbol\nline.lenght()\n    ^\n")
        .doesNotContain("done");
    assertThat(typed.code()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--jobs 0       | Invalid value for option '--jobs': '0' is no number of jobs; write 8, -1 for all cores, 200% of them, or auto for as many as pay (auto:500 for at most 500)",
        "--timeout soon | Invalid value for option '--timeout': 'soon' is no duration; write 500ms, 10s, 2m or 1h30m",
        "--rate fast    | Invalid value for option '--rate' (N/UNIT): 'fast' is no rate; write 100/s, 6000/m or 10/500ms",
        "--backoff 2s..1s | Invalid value for option '--backoff': '2s..1s' shrinks; write the shorter wait first, such as 100ms..10s",
        "--halt later   | Invalid value for option '--halt': 'later' is not understood; write never, now,fail=1 or soon,fail=10%",
        "--on moon      | no backend is called moon; there are processes, sequential, threads, virtual",
        "--batch 0      | batch size must be at least 1, was 0",
        "--nonsense     | Unknown option: '--nonsense'"
      })
  void aMistakeInAnOptionIsOneLineAndAHint(String options, String said) {
    String[] args = ("map line " + options).split(" ");

    Typed typed = Typed.on("a\n").fan(args);

    assertThat(typed.said()).containsExactly("fan: " + said, "try 'fan map --help'");
    assertThat(typed.code()).isEqualTo(2);
  }

  @Test
  void aMissingFileIsSaidBeforeAnythingIsWritten() throws IOException {
    Path out = write("out.txt", "precious\n");

    Typed typed = Typed.fan("map", "line", "nowhere.txt", "-o", "" + out);

    assertThat(typed.said()).containsExactly("fan: No such file: nowhere.txt");
    assertThat(typed.code()).isEqualTo(2);
    assertThat(out).hasContent("precious");
  }

  @Test
  void aDryRunCompilesTheTaskAndRunsNothing() throws IOException {
    Path out = folder.resolve("out.csv");

    Typed typed =
        Typed.on("a\nb\nc\nd\n").fan("map", "1 / 0", "--dry-run", "-o", "" + out, "-j", "2");

    assertThat(typed.lines())
        .containsExactly(
            "The task compiles. It would run on standard input, read as lines, 2 at a time, on threads;"
                + " results go to "
                + out
                + ", as csv.",
            "Nothing of it has been run; its state would be kept in " + out + ".fan.",
            "The first inputs:",
            "  standard input:1  a",
            "  standard input:2  b",
            "  standard input:3  c");
    assertThat(out).doesNotExist();
  }

  // what is said

  @Test
  void aQuietRunSaysNothing() {
    Typed typed = Typed.on("1\nx\n").fan("map", "Integer.parseInt(line)", "-q");

    assertThat(typed.err()).isEmpty();
    assertThat(typed.code()).isEqualTo(1);
  }

  @Test
  void withoutProgressOnlyFailuresAreSaid() {
    Typed typed = Typed.on("1\nx\n").fan("map", "Integer.parseInt(line)", "--progress", "none");

    assertThat(typed.said()).singleElement().asString().contains("failed");
  }

  @Test
  void progressMayBeJson() {
    Typed typed =
        Typed.on(numbers(30))
            .fan("map", "Thread.sleep(100); return line;", "-j", "2", "--progress", "json");

    assertThat(typed.said().size()).isGreaterThanOrEqualTo(2);
    assertThat(typed.said().getFirst()).startsWith("{\"done\":").endsWith("\"finished\":false}");
    assertThat(typed.said().getLast())
        .startsWith("{\"done\":30,\"failed\":0")
        .endsWith("\"finished\":true}");
  }

  // tasks in files

  @Test
  void aTaskMayBeAFile() throws IOException {
    Path file =
        write("Twice.java", "public class Twice { public String of(String s) { return s + s; } }");

    assertThat(Typed.on("ab\n").fan("map", "" + file).out()).isEqualTo("abab\n");
  }

  @Test
  void aTaskMayBeAClassOnAClassPath() {
    Typed typed =
        Typed.on("ab\n")
            .fan(
                "map",
                Reversed.class.getName(),
                "--class-path",
                System.getProperty("java.class.path"));

    assertThat(typed.out()).isEqualTo("ba\n");
  }

  /// A class that a user may have.
  public static final class Reversed {
    public static String of(String text) {
      return new StringBuilder(text).reverse().toString();
    }
  }

  private Path task(String body) {
    try {
      return write(
          "Flaky.java",
          """
          import java.io.IOException;
          import java.util.Map;
          import java.util.concurrent.ConcurrentHashMap;
          public class Flaky {
            private static final Map<String, Integer> TRIED = new ConcurrentHashMap<>();
            public String run(String line) throws IOException { %s }
          }
          """
              .formatted(body));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static String numbers(int count) {
    return IntStream.range(0, count).mapToObj(i -> i + "\n").collect(Collectors.joining());
  }
}

package io.fanwise.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the command does with `-o`: its runs can be stopped, and go on.
class KeptRunTest {
  @TempDir Path folder;

  @Test
  void aRunThatIsStoppedGoesOnWithTheSameCommand() throws Exception {
    Path inputs = write("inputs.txt", numbers(200));
    Path gate = write("gate", "");
    Path out = folder.resolve("out.jsonl");
    String task =
        "if (index == 120) while (Files.exists(Path.of(\"%s\"))) Thread.sleep(5); return line;"
            .formatted(gate);
    String[] command = {
      "map", task, "" + inputs, "-o", "" + out, "--with", "index", "-j", "2", "--batch", "1"
    };

    Typed stopped = stoppedWhen(() -> Files.exists(out) && lines(out).size() == 120, command);
    Files.delete(gate);
    Typed again = Typed.fan(command);

    assertThat(stopped.code()).isEqualTo(ExitCodes.INTERRUPTED);
    assertThat(stopped.said().getLast())
        .isEqualTo("fan: what is done is safe in " + out + "; the same command goes on from there");
    assertThat(again.code()).isZero();
    assertThat(again.said().getFirst())
        .isEqualTo("fan: going on with " + out + ", of which 120 are done");
    assertThat(again.said().getLast()).startsWith("fan: 200 done, 120 of them before in ");
    assertThat(lines(out))
        .containsExactlyElementsOf(
            IntStream.range(0, 200)
                .mapToObj(i -> "{\"index\":%d,\"result\":\"%d\"}".formatted(i, i))
                .toList());
  }

  @Test
  void equalInputsAreRunOnceAndEachHasItsRecord() throws Exception {
    Path inputs = write("inputs.txt", "a\nb\na\na\nb\nc\n");
    Path calls = folder.resolve("calls");
    Path mapped = folder.resolve("out.csv");
    Path printed = folder.resolve("out.jsonl");
    String task =
        "Files.writeString(Path.of(\"%s\"), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND); return line + 1;"
            .formatted(calls);

    Typed map =
        Typed.fan("map", task, "" + inputs, "-o", "" + mapped, "--distinct", "--with", "index");
    Typed exec =
        Typed.fan(
            "exec",
            "--shell",
            "echo {} | tee -a %s; echo said {} >&2".formatted(calls),
            "" + inputs,
            "-o",
            "" + printed,
            "--distinct",
            "--with",
            "index,input");

    assertThat(map.code()).isZero();
    assertThat(lines(mapped))
        .containsExactly("index,result", "0,a1", "1,b1", "2,a1", "3,a1", "4,b1", "5,c1");
    assertThat(exec.code()).isZero();
    assertThat(lines(printed)).hasSize(6);
    assertThat(lines(printed).get(3)).startsWith("{\"index\":3,\"input\":\"a\"");
    assertThat(Files.readString(calls).replaceAll("\\s", "")).hasSize(6).contains("a", "b", "c");
  }

  @ParameterizedTest
  @ValueSource(strings = {"out.csv", "out.csv.gz", "out.tsv.zst"})
  void aTableHasItsHeaderOnce(String name) throws Exception {
    Path inputs = write("inputs.txt", numbers(100));
    Path gate = write("gate", "");
    Path out = folder.resolve(name);
    String task =
        "if (index == 50) while (Files.exists(Path.of(\"%s\"))) Thread.sleep(5); return Map.of(\"n\", line);"
            .formatted(gate);
    String[] command = {"map", task, "" + inputs, "-o", "" + out, "-j", "1", "--batch", "1"};

    stoppedWhen(() -> Files.exists(out) && Files.size(out) > 0 && done(out) == 50, command);
    Files.delete(gate);
    Typed.fan(command);
    Typed read = Typed.fan("map", "col(\"n\")", "" + out);

    assertThat(read.out()).isEqualTo(numbers(100));
  }

  @Test
  void aRunThatIsAtItsEndIsNotRunAgain() throws IOException {
    Path inputs = write("inputs.txt", "a\nb\n");
    Path out = folder.resolve("out.txt");
    String[] command = {"map", "line + System.nanoTime()", "" + inputs, "-o", "" + out};

    Typed.fan(command);
    String results = Files.readString(out);
    Typed again = Typed.fan(command);

    assertThat(again.said()).containsExactly("fan: 2 done, all of them before");
    assertThat(again.code()).isZero();
    assertThat(out).hasContent(results);
  }

  @Test
  void freshStartsOver() throws IOException {
    Path inputs = write("inputs.txt", "a\n");
    Path out = folder.resolve("out.txt");

    Typed.fan("map", "line + 1", "" + inputs, "-o", "" + out);
    Typed again = Typed.fan("map", "line + 2", "" + inputs, "-o", "" + out, "--fresh");

    assertThat(again.code()).isZero();
    assertThat(out).hasContent("a2\n");
  }

  @Test
  void anotherTaskIsRefusedAndSaysWhatDiffers() throws IOException {
    Path inputs = write("inputs.txt", "a\n");
    Path out = folder.resolve("out.txt");

    Typed.fan("map", "line + 1", "" + inputs, "-o", "" + out);
    Typed again = Typed.fan("map", "line + 2", "" + inputs, "-o", "" + out);

    assertThat(again.said())
        .containsExactly(
            "fan: The run in %s.fan is another one: the task was map line + 1, and is now map line + 2."
                    .formatted(out)
                + " Go on with it all the same by --even-if-changed, or start over by --fresh.");
    assertThat(again.code()).isEqualTo(ExitCodes.NOT_RUN);
    assertThat(out).hasContent("a1\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"classes", "code.jar"})
  void otherCodeOnTheClassPathIsAnotherTask(String place) throws Exception {
    Path inputs = write("inputs.txt", "a\n");
    Path out = folder.resolve("out.txt");
    String[] command = {
      "map", "Say.it(line)", "" + inputs, "-o", "" + out, "-cp", "" + folder.resolve(place)
    };
    code("return text + 1;", place);
    Typed.fan(command);
    code("return text + 1;", place);
    Typed again = Typed.fan(command);
    code("return text + 2;", place);

    Typed other = Typed.fan(command);

    assertThat(again.code()).as(again.err()).isZero();
    assertThat(other.said().getFirst())
        .contains("the task was map Say.it(line) with classes (sha256 ")
        .endsWith("Go on with it all the same by --even-if-changed, or start over by --fresh.");
    assertThat(out).hasContent("a1\n");
  }

  /// Compiles a class into a folder or a jar, which is made anew.
  private void code(String body, String place) throws Exception {
    Path source =
        write(
            "Say.java",
            "public class Say { public static String it(String text) { %s } }".formatted(body));
    Path classes = Files.createDirectories(folder.resolve("classes"));
    ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
    assertThat(javac.run(System.out, System.err, "-d", "" + classes, "" + source)).isZero();
    if (place.endsWith(".jar")) {
      ToolProvider jar = ToolProvider.findFirst("jar").orElseThrow();
      String[] words = {"-c", "-f", "" + folder.resolve(place), "-C", "" + classes, "."};
      assertThat(jar.run(System.out, System.err, words)).isZero();
    }
  }

  @Test
  void changedInputsAreRefusedUnlessTheyAreAccepted() throws IOException {
    Path inputs = write("inputs.txt", "a\n");
    Path out = folder.resolve("out.txt");
    String[] command = {"map", "line", "" + inputs, "-o", "" + out};
    Typed.fan(command);
    write("inputs.txt", "a\nb\n");

    Typed refused = Typed.fan(command);
    Typed accepted = Typed.fan("map", "line", "" + inputs, "-o", "" + out, "--even-if-changed");

    assertThat(refused.said().getFirst())
        .contains("the source was " + inputs + " (2 bytes, of ")
        .contains(", and is now " + inputs + " (4 bytes, of ");
    assertThat(accepted.code()).isZero();
  }

  @Test
  void howHardItWasPushedDoesNotMatter() throws IOException {
    Path inputs = write("inputs.txt", "a\n");
    Path out = folder.resolve("out.txt");

    Typed.fan("map", "line", "" + inputs, "-o", "" + out);
    Typed again =
        Typed.fan(
            "map",
            "line",
            "" + inputs,
            "-o",
            "" + out,
            "-j",
            "3",
            "--rate",
            "9/s",
            "--retries",
            "2",
            "--timeout",
            "9s",
            "--on",
            "virtual");

    assertThat(again.code()).isZero();
  }

  @Test
  void aFileThatIsOfNoRunIsNotOverwrittenUnasked() throws IOException {
    Path inputs = write("inputs.txt", "a\n");
    Path out = write("out.txt", "precious\n");

    Typed refused = Typed.fan("map", "line", "" + inputs, "-o", "" + out);
    String kept = Files.readString(out);
    Typed fresh = Typed.fan("map", "line", "" + inputs, "-o", "" + out, "--fresh");

    assertThat(refused.said())
        .containsExactly(
            "fan: "
                + out
                + " is there already (9 bytes), and not from this run: move it away, write to another"
                + " file, or overwrite it by --fresh");
    assertThat(refused.code()).isEqualTo(ExitCodes.NOT_RUN);
    assertThat(kept).isEqualTo("precious\n");
    assertThat(fresh.code()).isZero();
    assertThat(out).hasContent("a\n");
  }

  @Test
  void aMistakeInTheFirstCommandCanBeCorrected() throws IOException {
    Path inputs = write("inputs.txt", "a\n");
    Path out = folder.resolve("out.txt");

    Typed wrong = Typed.fan("exec", "ehco {}", "" + inputs, "-o", "" + out);
    Typed right = Typed.fan("exec", "echo {}", "" + inputs, "-o", "" + out);

    assertThat(wrong.code()).isEqualTo(ExitCodes.NOT_RUN);
    assertThat(right.code()).isZero();
    assertThat(out).hasContent("a\n");
  }

  @Test
  void whatAProgramThatFailedPrintedIsWrittenAsWell() throws IOException {
    Path inputs = write("inputs.txt", "0\n7\n");
    Path out = folder.resolve("out.jsonl");

    Typed typed =
        Typed.fan("exec", "--shell", "echo {}; echo why >&2; exit {}", "" + inputs, "-o", "" + out);

    assertThat(lines(out))
        .containsExactly(
            "{\"exit\":0,\"signal\":null,\"stdout\":\"0\",\"stderr\":\"why\"}",
            "{\"exit\":7,\"signal\":null,\"stdout\":\"7\",\"stderr\":\"why\"}");
    assertThat(typed.code()).isEqualTo(ExitCodes.SOME_FAILED);
    assertThat(typed.said().getFirst()).contains(":2 (7) failed: exit 7: why");
  }

  @ParameterizedTest
  @ValueSource(strings = {"out.jsonl", "out.csv", "out.csv.gz", "out.jsonl.zst", "out.txt"})
  void whatAFailedProgramPrintedIsTakenOutWhenItDoesWell(String name) throws IOException {
    Path inputs = write("inputs.txt", "0\n1\n2\n3\n4\n");
    Path out = folder.resolve(name);
    for (String blocked : List.of("0", "2", "3")) {
      write(blocked, "");
    }
    String program = "test -e %s/{} && echo bad {} && exit 7; echo good {}".formatted(folder);
    String[] command = {
      "exec", "--shell", program, "" + inputs, "-o", "" + out, "--with", "index", "-q"
    };

    Typed first = Typed.fan(command);
    List<String> failed = printed(out);
    Files.delete(folder.resolve("0"));
    Files.delete(folder.resolve("3"));
    Typed second = Typed.fan("retry", "" + out);
    List<String> mended = printed(out);
    Typed verified = Typed.fan("verify", "" + out);
    Files.delete(folder.resolve("2"));
    Typed third = Typed.fan("retry", "" + out);

    assertThat(first.code()).isEqualTo(ExitCodes.SOME_FAILED);
    assertThat(failed).containsExactly("bad 0", "good 1", "bad 2", "bad 3", "good 4");
    assertThat(second.code()).isEqualTo(ExitCodes.SOME_FAILED);
    assertThat(mended).containsExactly("good 1", "bad 2", "good 4", "good 0", "good 3");
    assertThat(verified.code()).as(verified.out()).isZero();
    assertThat(third.code()).isZero();
    assertThat(printed(out)).containsExactly("good 1", "good 4", "good 0", "good 3", "good 2");
    assertThat(Typed.fan("verify", "" + out).code()).isZero();
    assertThat(folder.resolve("revised-" + name)).doesNotExist();
  }

  /// What programs have printed, without what else is in their records.
  private static List<String> printed(Path file) {
    return Pattern.compile("(good|bad) \\d")
        .matcher(Typed.fan("map", "line", "" + file, "--format", "lines", "-q").out())
        .results()
        .map(MatchResult::group)
        .toList();
  }

  @Test
  void standardInputIsGoneOnWithWhenItComesAgain() throws Exception {
    Path gate = write("gate", "");
    Path out = folder.resolve("out.txt");
    String task =
        "if (index == 50) while (Files.exists(Path.of(\"%s\"))) Thread.sleep(5); return line;"
            .formatted(gate);
    String[] command = {"map", task, "-o", "" + out, "-j", "1", "--batch", "1"};

    stoppedWhen(() -> Files.exists(out) && lines(out).size() == 50, numbers(100), command);
    Files.delete(gate);
    Typed again = Typed.on(numbers(100)).fan(command);

    assertThat(again.said().getFirst())
        .isEqualTo(
            "fan: going on with %s, of which 50 are done; standard input has to bring the same inputs as before"
                .formatted(out));
    assertThat(out).hasContent(numbers(100));
  }

  @Test
  void aRunThatIsHaltedSaysWhyAndGoesOn() throws IOException {
    Path inputs = write("inputs.txt", "1\nx\n" + numbers(1_000));
    Path out = folder.resolve("out.txt");

    Typed halted =
        Typed.fan(
            "map",
            "Integer.parseInt(line)",
            "" + inputs,
            "-o",
            "" + out,
            "--halt",
            "now,fail=1",
            "-j",
            "1",
            "--batch",
            "1");
    Typed again = Typed.fan("map", "Integer.parseInt(line)", "" + inputs, "-o", "" + out);

    assertThat(halted.said().getFirst()).contains(":2 (x) failed: NumberFormatException");
    assertThat(halted.err()).contains("fan: halted: ");
    assertThat(halted.code()).isEqualTo(ExitCodes.SOME_FAILED);
    assertThat(again.code()).isEqualTo(ExitCodes.SOME_FAILED);
    assertThat(lines(out)).hasSize(1_001);
  }

  @Test
  void whatIsNoFileHasNoState() throws IOException {
    Path inputs = write("inputs.txt", "a\n");

    Typed typed = Typed.fan("map", "line", "" + inputs, "-o", "/dev/null");

    assertThat(typed.code()).isZero();
    assertThat(Path.of("/dev/null.fan")).doesNotExist();
  }

  @Test
  void whatCameBeforeAnUnreadableLineIsSafe() throws IOException {
    Path inputs = folder.resolve("torn.txt");
    Files.write(inputs, new byte[] {'a', '\n', 'b', '\n', (byte) 0xFF, '\n', 'c', '\n'});
    Path out = folder.resolve("out.txt");

    Typed typed = Typed.fan("map", "line", "" + inputs, "-o", "" + out);

    assertThat(out).hasContent("a\nb\n");
    assertThat(typed.said().getFirst()).contains("torn.txt:3: not UTF-8");
    assertThat(typed.code()).isEqualTo(ExitCodes.NOT_RUN);
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private Typed stoppedWhen(Condition condition, String... command) throws Exception {
    return stoppedWhen(condition, "", command);
  }

  /// Types the command, and Ctrl-C as soon as the condition holds.
  private Typed stoppedWhen(Condition condition, String input, String... command) throws Exception {
    Stop stop = new Stop();
    var in = new ByteArrayInputStream(input.getBytes(UTF_8));
    var run =
        CompletableFuture.supplyAsync(
            () -> Typed.run(in, new ByteArrayOutputStream(), stop, command));
    await().atMost(60, TimeUnit.SECONDS).until(() -> run.isDone() || condition.holds());
    stop.ask(Stop.Reason.INTERRUPTED);
    return run.get(60, TimeUnit.SECONDS);
  }

  /// How many records a table has so far.
  private static int done(Path table) {
    Typed typed = Typed.fan("map", "line", "" + table, "--format", "lines", "-q");
    return typed.lines().size() - 1;
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static List<String> lines(Path file) throws IOException {
    return Files.readAllLines(file);
  }

  private static String numbers(int count) {
    return IntStream.range(0, count).mapToObj(i -> i + "\n").collect(Collectors.joining());
  }
}

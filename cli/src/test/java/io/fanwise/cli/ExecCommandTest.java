package io.fanwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the commands are those of a POSIX system")
class ExecCommandTest {
  @TempDir Path folder;

  @Test
  void aProgramIsRunForEachInputAndItsOutputIsTheResult() {
    Typed typed = Typed.on("b\na\n").fan("exec", "printf '%s!\\n'");

    assertThat(typed.out()).isEqualTo("b!\na!\n");
    assertThat(typed.code()).isZero();
  }

  @Test
  void outputsAreWrittenVerbatim() {
    Typed typed = Typed.on("a\nb\n").fan("exec", "printf %s-");

    assertThat(typed.out()).isEqualTo("a-b-");
  }

  @ParameterizedTest
  @CsvSource({
    "{}, pics/cat.tar.gz",
    "{.}, pics/cat.tar",
    "{/}, cat.tar.gz",
    "{//}, pics",
    "{/.}, cat.tar",
    "{#}, 1",
    "{%}, 1"
  })
  void placesStandForPartsOfTheInput(String place, String value) {
    assertThat(Typed.on("pics/cat.tar.gz\n").fan("exec", "echo " + place).out())
        .isEqualTo(value + "\n");
  }

  @Test
  void columnsHavePlacesToo() {
    Typed typed =
        Typed.on("name,price\nfig tree,2\n")
            .fan("exec", "printf '%s=%s' {name} {2}", "--format", "csv");

    assertThat(typed.out()).isEqualTo("fig tree=2");
  }

  @Test
  void aColumnThatDoesNotExistIsSaidBeforeAnythingRuns() {
    Typed table =
        Typed.on("name\nfig\n").fan("exec", "touch " + folder + "/{colour}", "--format", "csv");
    Typed lines = Typed.on("fig\n").fan("exec", "touch " + folder + "/{colour}");

    assertThat(table.said().getFirst())
        .startsWith("fan: {colour} asks for a column the input does not have; it has name.");
    assertThat(lines.said().getFirst())
        .startsWith("fan: {colour} asks for a column, but the input has none");
    assertThat(table.code()).isEqualTo(2);
    assertThat(lines.code()).isEqualTo(2);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void noShellReadsInputsOrCommand() {
    Typed typed = Typed.on("$(id); a | b\n").fan("exec", "echo {} '$HOME'");

    assertThat(typed.out()).isEqualTo("$(id); a | b $HOME\n");
  }

  @Test
  void aShellReadsTheCommandIfAskedToAndNeverTheInputs() {
    Typed typed = Typed.on("a'; id; '\n").fan("exec", "echo {} | tr a-z A-Z", "--shell");

    assertThat(typed.out()).isEqualTo("A'; ID; '\n");
  }

  @Test
  void howAProgramFailedIsSaid() {
    Typed typed =
        Typed.on("3\n").fan("exec", "--shell", "echo out; echo one >&2; echo two >&2; exit {}");

    assertThat(typed.out()).isEqualTo("out\n");
    assertThat(typed.said())
        .startsWith("one", "two", "fan: standard input:1 (3) failed: exit 3: two");
    assertThat(typed.code()).isEqualTo(1);
  }

  @Test
  void theSignalThatEndedAProgramIsSaid() {
    Typed typed = Typed.on("9\n").fan("exec", "--shell", "kill -{} $$");

    assertThat(typed.said().getFirst())
        .isEqualTo("fan: standard input:1 (9) failed: ended by SIGKILL");
  }

  @Test
  void recordsSayHowAProgramEnded() {
    Typed typed =
        Typed.on("0\n3\n")
            .fan(
                "exec",
                "--shell",
                "echo out; echo err >&2; exit {}",
                "--output-format",
                "jsonl",
                "--echo");

    assertThat(typed.lines())
        .containsExactly(
            "{\"input\":\"0\",\"result\":{\"exit\":0,\"signal\":null,\"stdout\":\"out\",\"stderr\":\"err\"}}",
            "{\"input\":\"3\",\"result\":{\"exit\":3,\"signal\":null,\"stdout\":\"out\",\"stderr\":\"err\"}}");
    assertThat(typed.said().getFirst()).isEqualTo("fan: standard input:2 (3) failed: exit 3: err");
  }

  @Test
  void outputsOfManyJobsAreNotMixed() {
    String inputs = IntStream.range(0, 60).mapToObj(i -> i + "\n").collect(Collectors.joining());

    Typed typed =
        Typed.on(inputs)
            .fan("exec", "--shell", "for i in 1 2 3; do echo {}; echo {} >&2; done", "-j", "8");

    String expected = inputs.lines().map(i -> (i + "\n").repeat(3)).collect(Collectors.joining());
    assertThat(typed.out()).isEqualTo(expected);
    assertThat(typed.err()).startsWith(expected);
  }

  @Test
  void slotsAreNumberedUpToTheNumberOfJobs() {
    String inputs = IntStream.range(0, 40).mapToObj(i -> i + "\n").collect(Collectors.joining());

    Typed typed = Typed.on(inputs).fan("exec", "echo {%}", "-j", "3");

    assertThat(typed.lines()).isSubsetOf("1", "2", "3").contains("1");
  }

  @Test
  void aProgramThatDoesNotExistEndsTheRun() {
    Typed typed = Typed.on("a\nb\n".repeat(500)).fan("exec", "no-such-program-here");

    assertThat(typed.said().getFirst())
        .isEqualTo("fan: Cannot start no-such-program-here: there is no such program on the PATH.");
    assertThat(typed.code()).isEqualTo(2);
  }

  @Test
  void aProgramThatTakesTooLongIsEnded() {
    Typed typed = Typed.on("60\n0\n").fan("exec", "sleep", "--timeout", "300ms");

    assertThat(typed.said().getFirst())
        .isEqualTo("fan: standard input:1 (60) failed: timed out after 0.3s");
    assertThat(typed.err()).contains("1 done, 1 failed");
  }

  @Test
  void aProgramThatFailsIsTriedAgain() throws IOException {
    Path tried = folder.resolve("tried");

    Typed typed =
        Typed.on("a\n")
            .fan(
                "exec",
                "--shell",
                ": {}; echo x >> '" + tried + "'; [ $(wc -l < '" + tried + "') = 3 ]",
                "--retries",
                "5",
                "--backoff",
                "1ms");

    assertThat(typed.code()).isZero();
    assertThat(Files.readAllLines(tried)).hasSize(3);
  }

  @Test
  void aDryRunPrintsTheCommands() {
    Typed typed = Typed.on("it's\nb c\n").fan("exec", "rm -f {} {#}", "--dry-run");

    assertThat(typed.out()).isEqualTo("rm -f 'it'\\''s' 1\nrm -f 'b c' 2\n");
  }

  @Test
  void programsRunOnThreads() {
    Typed typed = Typed.on("a\n").fan("exec", "true", "--on", "virtual");

    assertThat(typed.said())
        .containsExactly(
            "fan: programs are run on threads, or sequential, not on virtual",
            "try 'fan exec --help'");
  }

  @Test
  void aQuoteThatIsNotClosedIsAMistake() {
    Typed typed = Typed.on("a\n").fan("exec", "echo 'a");

    assertThat(typed.said())
        .containsExactly("fan: a quote (') is not closed: echo 'a", "try 'fan exec --help'");
    assertThat(typed.code()).isEqualTo(2);
  }
}

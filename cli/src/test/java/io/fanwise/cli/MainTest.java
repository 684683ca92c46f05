package io.fanwise.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  private static final InputStream MANY =
      new ByteArrayInputStream("60000\n".repeat(1_000).getBytes(UTF_8));

  @Test
  void theVersionIsSaid() {
    assertThat(Typed.fan("--version").out()).matches("fan \\S+.*\\n");
  }

  @Test
  void anOptionThatIsGivenTwiceIsRefusedAndNothingIsForgotten() {
    Typed twice = Typed.fan("map", "line", "--on", "processes", "-j", "1", "-j", "2");

    assertThat(twice.code()).isEqualTo(2);
    assertThat(twice.err()).startsWith("fan: option '--jobs' should be given only once");
  }

  @Test
  void helpNamesTheCommandsAndEveryOption() {
    assertThat(Typed.fan("--help").out()).contains("map", "exec", "completion");
    assertThat(Typed.fan("map", "--help").out())
        .contains(
            "TASK",
            "FILE",
            "--format",
            "--[no-]header",
            "--encoding",
            "-o",
            "--output-format",
            "--echo",
            "--with",
            "--failures",
            "-j",
            "--on",
            "--heap",
            "--recycle",
            "--batch",
            "--window",
            "--timeout",
            "--retries",
            "--backoff",
            "--rate",
            "--halt",
            "--unordered",
            "--progress",
            "--quiet",
            "--stack",
            "--dry-run",
            "--class-path",
            "130");
    assertThat(Typed.fan("exec", "--help").out()).contains("COMMAND", "{/.}", "--shell", "{%}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"map", "exec"})
  void whatIsMissingIsSaid(String command) {
    Typed typed = Typed.fan(command);

    assertThat(typed.said().getFirst()).startsWith("fan: Missing required parameter: '");
    assertThat(typed.said().getLast()).isEqualTo("try 'fan " + command + " --help'");
    assertThat(typed.code()).isEqualTo(2);
  }

  @Test
  void withoutACommandItSaysWhichThereAre() {
    assertThat(Typed.fan().said())
        .containsExactly("fan: say what to do: map, exec or http", "try 'fan --help'");
    assertThat(Typed.fan("mpa").said())
        .containsExactly(
            "fan: 'mpa' is no command of fan: there are map, exec, http, status, retry, verify, merge and completion",
            "try 'fan --help'");
  }

  @Test
  void theCompletionScriptKnowsTheOptions() {
    assertThat(Typed.fan("completion").out()).contains("--failures", "--halt", "complete");
  }

  @Test
  void aClosedPipeEndsTheRunQuietly() {
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };

    Typed typed =
        Typed.run(
            new ByteArrayInputStream("x\n".repeat(1_000_000).getBytes(UTF_8)),
            closed,
            new Stop(),
            "map",
            "line");

    assertThat(typed.code()).isZero();
    assertThat(typed.said())
        .singleElement()
        .asString()
        .startsWith("fan: nobody reads the results any more: ");
  }

  @Test
  void aFullDiskIsAnError() {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("No space left on device");
          }
        };

    Typed typed =
        Typed.run(new ByteArrayInputStream("x\n".getBytes(UTF_8)), full, new Stop(), "map", "line");

    assertThat(typed.said().getFirst())
        .isEqualTo("fan: Cannot write standard output: No space left on device");
    assertThat(typed.code()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"threads", "virtual", "processes"})
  void aRunThatIsInterruptedWritesWhatIsFinishedAndSaysSo(String on) throws Exception {
    Stop stop = new Stop();
    String inputs = "0\n0\n" + "60000\n".repeat(1_000);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    var run =
        CompletableFuture.supplyAsync(() ->
            Typed.run(
                new ByteArrayInputStream(inputs.getBytes(UTF_8)),
                out,
                stop,
                "map",
                "Thread.sleep(Long.parseLong(line)); return line;",
                "--on",
                on));
    await().atMost(20, TimeUnit.SECONDS).until(() -> out.size() == 4);

    stop.ask(Stop.Reason.INTERRUPTED);
    Typed typed = run.get(10, TimeUnit.SECONDS);

    assertThat(typed.out()).isEqualTo("0\n0\n");
    assertThat(typed.said()).singleElement().asString().startsWith("fan: interrupted: 2 done in ");
    assertThat(typed.code()).isEqualTo(130);
  }

  @Test
  void theThreadThatRunsTheCommandIsInterruptedTooIfItDoesTheWork(@TempDir Path folder)
      throws Exception {
    Stop stop = new Stop();
    Path begun = folder.resolve("begun");
    String task = "Files.createFile(Path.of(line)); Thread.sleep(60000); return line;";
    var run =
        CompletableFuture.supplyAsync(() ->
            Typed.run(
                new ByteArrayInputStream((begun + "\n").getBytes(UTF_8)),
                new ByteArrayOutputStream(),
                stop,
                "map",
                task,
                "--on",
                "sequential"));
    await().atMost(20, TimeUnit.SECONDS).until(() -> Files.exists(begun));

    stop.ask(Stop.Reason.INTERRUPTED);

    assertThat(run.get(10, TimeUnit.SECONDS).code()).isEqualTo(130);
  }

  @Test
  void aTerminatedRunTellsTheShell() throws Exception {
    Stop stop = new Stop();
    stop.ask(Stop.Reason.TERMINATED);

    Typed typed = Typed.run(MANY, new ByteArrayOutputStream(), stop, "exec", "sleep");

    assertThat(typed.code()).isEqualTo(143);
  }
}

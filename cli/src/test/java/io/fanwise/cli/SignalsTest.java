package io.fanwise.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Ctrl-C in a terminal, which sends a signal to all processes of the command.
@Timeout(60)
class SignalsTest {
  /// What the shell is told.
  private static final int INTERRUPTED = 130;

  private static final String STUBBORN =
      """
      Files.createFile(Path.of(line, "" + ProcessHandle.current().pid()));
      while (true) {
        try {
          Thread.sleep(1000);
        } catch (InterruptedException e) {
        }
      }
      """;

  @TempDir private Path temp;
  @TempDir private Path pids;

  private Process fan;

  @BeforeEach
  void start() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/setsid")), "needs a group of its own");
    fan =
        new ProcessBuilder(
                "setsid",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-Djava.io.tmpdir=" + temp,
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "map",
                STUBBORN,
                "--on",
                "processes",
                "-j",
                "2",
                "--batch",
                "1")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (OutputStream in = fan.getOutputStream()) {
      in.write((pids + "\n").repeat(10).getBytes(UTF_8));
    }
    await().atMost(Duration.ofSeconds(30)).until(() -> workers().size() == 2);
  }

  @AfterEach
  void end() {
    fan.descendants().forEach(ProcessHandle::destroyForcibly);
    fan.destroyForcibly();
  }

  private List<Long> workers() throws IOException {
    try (Stream<Path> files = Files.list(pids)) {
      return files.map(file -> Long.valueOf(file.getFileName().toString())).toList();
    }
  }

  private void ctrlC() throws Exception {
    new ProcessBuilder("/bin/sh", "-c", "kill -INT -" + fan.pid()).start().waitFor();
  }

  private void nothingIsLeft(List<Long> workers) {
    for (long worker : workers) {
      await().until(() -> ProcessHandle.of(worker).isEmpty());
    }
    await().untilAsserted(() -> assertThat(temp).isEmptyDirectory());
  }

  @Test
  void ctrlCTwiceEndsTasksThatDoNotHeedTheFirst() throws Exception {
    List<Long> workers = workers();

    ctrlC();
    ctrlC();

    assertThat(fan.waitFor()).isEqualTo(INTERRUPTED);
    nothingIsLeft(workers);
  }

  @Test
  void ctrlCOnceEndsThemTooWhenTheirTimeIsUp() throws Exception {
    List<Long> workers = workers();

    ctrlC();

    assertThat(fan.waitFor()).isEqualTo(INTERRUPTED);
    nothingIsLeft(workers);
  }
}

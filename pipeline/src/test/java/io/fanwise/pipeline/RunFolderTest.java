package io.fanwise.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who gets hold of the state of a run.
class RunFolderTest {
  @TempDir Path folder;

  @Test
  void whoIsRefusedOrLooksOnDoesNotOpenTheDoorToOtherProcesses() throws Exception {
    Path state = folder.resolve("state");
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder);
    String self = "process " + ProcessHandle.current().pid();

    try (RunFolder open = RunFolder.open(state)) {
      open.settings(
          RunFolder.Settings.of(
              List.of("source"),
              "task",
              List.of("sink"),
              RunFolder.Command.UNKNOWN,
              Selection.ALL,
              Instant.EPOCH),
          Durability.PROCESS);
      assertThatThrownBy(() -> RunFolder.open(link.resolve("state")))
          .isInstanceOf(RunRefused.class)
          .hasMessageContaining("is in use by " + self);
      assertThat(RunState.read(state).holder())
          .hasValueSatisfying(holder -> assertThat(holder).startsWith(self));

      assertThat(intruder(state)).contains("is in use by " + self);
    }

    assertThat(RunState.read(state).holder()).isEmpty();
    assertThat(intruder(state)).contains("got in");
  }

  /// Another process that wants the folder.
  static final class Intruder {
    private Intruder() {}

    public static void main(String[] args) throws IOException {
      try (RunFolder open = RunFolder.open(Path.of(args[0]))) {
        System.out.println("got in to " + open.path());
      } catch (RunRefused e) {
        System.out.println(e.getMessage());
      }
    }
  }

  private static String intruder(Path state) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(
                java,
                "-cp",
                System.getProperty("java.class.path"),
                Intruder.class.getName(),
                state.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    return said;
  }
}

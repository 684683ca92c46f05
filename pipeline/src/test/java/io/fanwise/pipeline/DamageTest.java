package io.fanwise.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fanwise.Fan;
import io.fanwise.Range;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// What a run does about disks that are full and files that are damaged or not its own.
class DamageTest {
  @TempDir Path folder;

  @Test
  void aTornEndOfTheJournalIsCutOffWithWhatItWouldHaveSaid() throws IOException {
    Path answers = folder.resolve("answers.jsonl");
    Path journal = folder.resolve("answers.jsonl.fan/journal");
    pipeline(answers, 10_000).durability(Durability.PROCESS).run(Fan.threads(2));
    byte[] whole = Files.readAllBytes(journal);

    for (int length = 0; length < whole.length; length++) {
      Files.write(journal, java.util.Arrays.copyOf(whole, length));
      Summary summary =
          pipeline(answers, 10_000).durability(Durability.PROCESS).run(Fan.threads(2));

      assertThat(summary.done()).isEqualTo(10_000);
      if (length % 20 == 0) {
        assertThat(indexes(answers)).isEqualTo(upTo(10_000));
      }
    }
  }

  @Test
  void aJournalThatIsGoneIsMissedBeforeAnOutputIsTouched() throws IOException {
    Path answers = folder.resolve("answers.jsonl");
    Path journal = folder.resolve("answers.jsonl.fan/journal");
    pipeline(answers, 100).run(Fan.threads(2));
    byte[] before = Files.readAllBytes(answers);
    Files.delete(journal);

    assertThatThrownBy(() -> pipeline(answers, 100).run(Fan.threads(2)))
        .isInstanceOf(RunRefused.class)
        .hasMessageContainingAll(
            "answers.jsonl", "the journal of its run", "is gone", "put it back");
    assertThat(Files.readAllBytes(answers)).isEqualTo(before);

    assertThat(pipeline(answers, 100).fresh().run(Fan.threads(2)).done()).isEqualTo(100);
  }

  @Test
  void aDamagedByteWithMoreBehindItIsRefusedRatherThanPaidForAgain() throws IOException {
    Path answers = folder.resolve("answers.jsonl");
    Path journal = folder.resolve("answers.jsonl.fan/journal");
    Pipeline<Integer, Integer> slow =
        Pipeline.read(Source.of("numbers", Range.of(0, 600)))
            .<Integer>map(i -> {
              Thread.sleep(2);
              return i;
            })
            .write(Sink.jsonLines(answers));
    slow.run(Fan.threads(2)); // long enough for two commits
    byte[] bytes = Files.readAllBytes(journal);
    bytes[20] ^= 1;
    Files.write(journal, bytes);

    assertThatThrownBy(() -> slow.run(Fan.threads(2)))
        .isInstanceOf(RunRefused.class)
        .hasMessageContaining("journal is damaged at byte 0, with more behind it");
    assertThat(Files.readAllBytes(journal)).isEqualTo(bytes);
  }

  @Test
  void whicheverByteOfTheJournalIsDamagedNothingIsLostOrThereTwice() throws IOException {
    Path answers = folder.resolve("answers.jsonl");
    Path journal = folder.resolve("answers.jsonl.fan/journal");
    Pipeline<Integer, Integer> pipeline =
        pipeline(answers, 600).version("the number").durability(Durability.PROCESS);
    Pipeline.read(Source.of("numbers", Range.of(0, 600)))
        .<Integer>map(i -> {
          Thread.sleep(2);
          return i;
        })
        .write(Sink.jsonLines(answers))
        .version("the number")
        .durability(Durability.PROCESS)
        .run(Fan.threads(2)); // long enough for two commits
    byte[] whole = Files.readAllBytes(journal);
    byte[] results = Files.readAllBytes(answers);
    int refused = 0;

    for (int at = 0; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= (byte) (1 << (at % 8));
      Files.write(journal, damaged);
      Files.write(answers, results);
      try {
        assertThat(pipeline.run(Fan.sequential()).done()).as("byte %d", at).isEqualTo(600);
      } catch (RunRefused e) {
        refused++;
        assertThat(e).hasMessageContaining("is damaged at byte");
        assertThat(Files.readAllBytes(journal)).as("byte %d", at).isEqualTo(damaged);
      }
      assertThat(indexes(answers)).as("byte %d", at).isEqualTo(upTo(600));
    }
    assertThat(refused).isBetween(1, whole.length - 1);
  }

  @Test
  void aFullDiskEndsTheRunWhichGoesOnWhenThereIsRoom() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(mounted(disk), "only root may mount a small disk");
    try {
      Path filler = Files.write(disk.resolve("filler"), new byte[600_000]);
      Path answers = disk.resolve("answers.jsonl");

      assertThatThrownBy(() -> pipeline(answers, 20_000).run(Fan.threads(2)))
          .isInstanceOf(RunBroken.class)
          .hasMessageContaining("No space left on device")
          .hasMessageContaining("run it again to go on");
      Files.delete(filler);
      Summary summary = pipeline(answers, 20_000).run(Fan.threads(2));

      assertThat(summary.done()).isEqualTo(20_000);
      assertThat(indexes(answers)).isEqualTo(upTo(20_000));
    } finally {
      new ProcessBuilder("umount", disk.toString()).start().waitFor(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void whatIsKnownOfARunStaysWhenThereIsNoRoomForMore() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(mounted(disk), "only root may mount a small disk");
    try (RunFolder state = RunFolder.open(disk.resolve("state"))) {
      RunFolder.Settings known = settings("short");
      state.settings(known, Durability.DISK);
      fill(disk.resolve("filler"), 8_192);

      assertThatThrownBy(() -> state.settings(settings("long".repeat(10_000)), Durability.DISK))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("No space left on device");

      assertThat(state.settings()).isEqualTo(known);
    } finally {
      new ProcessBuilder("umount", disk.toString()).start().waitFor(10, TimeUnit.SECONDS);
    }
  }

  private static RunFolder.Settings settings(String source) {
    return RunFolder.Settings.of(
        List.of(source),
        "task",
        List.of("sink"),
        RunFolder.Command.UNKNOWN,
        Selection.ALL,
        Instant.EPOCH);
  }

  /// Leaves so much room on the disk of a file.
  private static void fill(Path file, int left) throws IOException {
    long room = Files.getFileStore(file.getParent()).getUsableSpace();
    Files.write(file, new byte[Math.toIntExact(room - left)]);
  }

  @Test
  void aStateThatCannotBeKeptIsToldAtTheDoor() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");

    assertThatThrownBy(
            () -> pipeline(folder.resolve("answers.jsonl"), 10).state(file).run(Fan.threads(2)))
        .isInstanceOf(RunBroken.class)
        .hasMessageEndingWith("file is a file, not a folder");
    assertThatThrownBy(() ->
            pipeline(folder.resolve("missing/answers.jsonl"), 10)
                .state(folder.resolve("s"))
                .run(Fan.threads(2)))
        .isInstanceOf(RunBroken.class)
        .hasMessageContaining("there is no " + folder.resolve("missing/answers.jsonl"));
  }

  @Test
  void aFileIsNotReadAndWrittenByOnePipeline() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "precious\n");

    assertThatThrownBy(() ->
            Pipeline.read(Source.lines(file))
                .map(line -> line)
                .write(Sink.lines(file))
                .fresh()
                .run(Fan.threads(2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is read or written already by this pipeline");
    assertThat(file).hasContent("precious");
  }

  @Test
  void aFileIsNotReadAndWrittenByTwoNamesEither() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "precious\n");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    Path around = Files.createSymbolicLink(folder.resolve("around"), folder).resolve("answers");

    assertThatThrownBy(() ->
            Pipeline.read(Source.lines(file))
                .map(line -> line)
                .write(Sink.lines(link))
                .fresh()
                .run(Fan.sequential()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is read or written already by this pipeline");
    assertThatThrownBy(() ->
            Pipeline.read(Source.lines(file))
                .map(line -> line)
                .write(Sink.lines(folder.resolve("answers")))
                .write(Sink.lines(around))
                .run(Fan.sequential()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is read or written already by this pipeline");
    assertThat(file).hasContent("precious");
  }

  @Test
  void inputsThatChangedAreRefusedOrTakenByTheirPositions() throws IOException {
    Path inputs = Files.writeString(folder.resolve("inputs"), "a\nb\n");
    Path answers = folder.resolve("answers");
    Pipeline<String, String> pipeline =
        Pipeline.read(Source.lines(inputs)).<String>map(line -> line).write(Sink.lines(answers));
    pipeline.run(Fan.threads(2));
    Files.writeString(inputs, "aaaa\nbbbb\ncccc\n");

    assertThatThrownBy(() -> pipeline.run(Fan.threads(2)))
        .isInstanceOf(RunRefused.class)
        .hasMessageContaining("4 bytes")
        .hasMessageContaining("15 bytes");

    Summary summary = pipeline.evenIfChanged().run(Fan.threads(2));
    assertThat(summary.done()).isEqualTo(3);
    assertThat(Files.readAllLines(answers)).containsExactlyInAnyOrder("a", "b", "cccc");
    assertThat(pipeline.run(Fan.threads(2)).done()).isEqualTo(3);
  }

  @Test
  void inputsThatChangedAreReadFromTheStartAlsoAfterASittingThatCameToNothing() throws IOException {
    Path inputs = folder.resolve("inputs");
    Files.writeString(inputs, lines(5_000, "short"));
    Path answers = folder.resolve("answers");
    AtomicInteger until = new AtomicInteger(4_000);
    Pipeline<String, String> pipeline =
        Pipeline.read(Source.lines(inputs))
            .<String>map(line -> {
              if (line.endsWith(" " + until.get())) {
                throw new IllegalStateException("no more");
              }
              return line;
            })
            .ordered()
            .write(Sink.jsonLines(answers))
            .halt(Halt.after(1));
    pipeline.run(Fan.threads(1));
    Files.writeString(inputs, lines(5_001, "much longer"));
    until.set(Integer.MAX_VALUE);

    assertThatThrownBy(() -> pipeline.evenIfChanged().run(Fan.threads(1).unordered()))
        .hasMessageContaining("the pipeline is ordered, but the fan is unordered");
    Summary summary = pipeline.run(Fan.threads(1));

    assertThat(summary.complete()).isTrue();
    assertThat(Files.readAllLines(answers))
        .hasSize(5_000)
        .last()
        .isEqualTo("{\"index\":5000,\"result\":\"much longer 5000\"}");
  }

  @Test
  void inputsThatWereAddedToAFinishedRunAreDoneAlsoAfterASittingThatCameToNothing()
      throws IOException {
    Path inputs = Files.writeString(folder.resolve("inputs"), "a\nb\n");
    Path answers = folder.resolve("answers");
    Pipeline<String, String> pipeline =
        Pipeline.read(Source.lines(inputs))
            .<String>map(line -> line)
            .ordered()
            .write(Sink.lines(answers));
    pipeline.run(Fan.threads(1));
    Files.writeString(inputs, "a\nb\nc\n");

    assertThatThrownBy(() -> pipeline.evenIfChanged().run(Fan.threads(1).unordered()))
        .hasMessageContaining("the pipeline is ordered, but the fan is unordered");
    pipeline.run(Fan.threads(1));

    assertThat(answers).hasContent("a\nb\nc\n");
  }

  private static String lines(int count, String text) {
    return IntStream.range(0, count)
        .mapToObj(i -> "%s %d%n".formatted(text, i))
        .collect(Collectors.joining());
  }

  private static boolean mounted(Path disk) throws IOException, InterruptedException {
    Process mount =
        new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.toString())
            .redirectErrorStream(true)
            .start();
    return mount.waitFor(10, TimeUnit.SECONDS) && mount.exitValue() == 0;
  }

  private static Pipeline<Integer, Integer> pipeline(Path answers, int inputs) {
    return Pipeline.read(Source.of("numbers", Range.of(0, inputs)))
        .<Integer>map(i -> i)
        .write(Sink.jsonLines(answers));
  }

  private static List<Integer> upTo(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  private static List<Integer> indexes(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .map(line -> JsonMapper.shared().readTree(line).get("index").asInt())
        .sorted()
        .toList();
  }
}

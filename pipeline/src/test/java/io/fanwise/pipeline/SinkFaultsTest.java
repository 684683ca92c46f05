package io.fanwise.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.fanwise.Fan;
import io.fanwise.Range;
import io.fanwise.work.Task;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What happens when the place where results go is full, locked, or was changed.
class SinkFaultsTest {
  private static final int INPUTS = 400;

  @TempDir Path folder;

  enum Kind {
    JSON_LINES,
    PACKED,
    CSV,
    PARTS,
    FOLDER,
    SQLITE,
    DUCKDB;

    Sink<Object> in(Path at) {
      return switch (this) {
        case JSON_LINES -> Sink.jsonLines(at.resolve("a.jsonl"));
        case PACKED -> Sink.jsonLines(at.resolve("a.jsonl.gz"));
        case CSV -> Sink.csv(at.resolve("a.csv"));
        case PARTS -> Sink.csv(at.resolve("a.csv")).parts(Parts.ofCount(50));
        case FOLDER -> Sink.folder(at.resolve("a"), "{index}.txt");
        case SQLITE -> Sink.sqlite(at.resolve("a.db"), "a");
        case DUCKDB -> Sink.duckdb(at.resolve("a.duckdb"), "a");
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void onAFullDiskTheRunBreaksAndGoesOnWhenThereIsRoomAgain(Kind kind) throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeThat(ran("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk.toString())).isTrue();
    try {
      AtomicBoolean filled = new AtomicBoolean();
      Path filler = disk.resolve("filler");
      Pipeline<Integer, String> pipeline =
          pipeline(
                  i -> {
                    if (i == 200 && filled.compareAndSet(false, true)) {
                      fill(filler);
                    }
                    Thread.sleep(1);
                    return (i + " ").repeat(2_000).substring(0, 2_000);
                  })
              .write(kind.in(disk))
              .state(folder.resolve("state"));

      assertThatThrownBy(() -> pipeline.run(Fan.virtualThreads(4)))
          .isInstanceOf(RunBroken.class)
          .hasMessageContaining(disk.toString());
      assertThat(ran("mount", "-o", "remount,size=64m", disk.toString())).isTrue();
      Summary summary = pipeline.run(Fan.virtualThreads(4));

      assertThat(summary.failed()).isZero();
      assertThat(summary.done()).isEqualTo(INPUTS);
      assertThat(indexes(kind, disk))
          .containsExactlyInAnyOrderElementsOf(IntStream.range(0, INPUTS).boxed().toList());
    } finally {
      ran("umount", "-l", disk.toString());
    }
  }

  /// Leaves no room.
  private static void fill(Path filler) {
    try (RandomAccessFile file = new RandomAccessFile(filler.toFile(), "rw")) {
      byte[] block = new byte[4096];
      while (true) {
        file.write(block);
      }
    } catch (IOException e) {
      // now it is full
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPlaceThatCannotBeWrittenIsSaidBeforeAnythingIsCalled(Kind kind) throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeThat(ran("mount", "-t", "tmpfs", "-o", "size=2m,ro", "tmpfs", disk.toString())).isTrue();
    try {
      assertThatThrownBy(() ->
              pipeline(
                      _ -> {
                        throw new AssertionError("called");
                      })
                  .write(kind.in(disk))
                  .state(folder.resolve("state"))
                  .run(Fan.sequential()))
          .isInstanceOf(RunBroken.class)
          .hasMessageContaining(disk.toString());
    } finally {
      ran("umount", "-l", disk.toString());
    }
  }

  static List<Kind> files() {
    return List.of(Kind.JSON_LINES, Kind.PACKED, Kind.CSV);
  }

  @ParameterizedTest
  @MethodSource("files")
  void aFileThatWasCutIsRefused(Kind kind) throws IOException {
    Pipeline<Integer, Integer> pipeline = finished(kind);
    Path file = kind.in(folder).place().orElseThrow();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() - 1);
    }

    assertThatThrownBy(() -> pipeline.run(Fan.sequential()))
        .isInstanceOf(RunRefused.class)
        .hasMessageContaining("it was changed since");
  }

  @ParameterizedTest
  @MethodSource("files")
  void whatWasAddedToAFileIsTakenBack(Kind kind) throws IOException {
    Pipeline<Integer, Integer> pipeline = finished(kind);
    Path file = kind.in(folder).place().orElseThrow();
    byte[] before = Files.readAllBytes(file);
    Files.write(file, new byte[100_000], StandardOpenOption.APPEND);

    pipeline.run(Fan.sequential());

    assertThat(file).hasBinaryContent(before);
  }

  @Test
  void severalSinksHaveTheSameResults() throws Exception {
    Pipeline<Integer, Integer> pipeline = pipeline(i -> i);
    for (Kind kind : Kind.values()) {
      pipeline = pipeline.write(kind.in(Files.createDirectory(folder.resolve(kind.name()))));
    }

    pipeline.state(folder.resolve("state")).run(Fan.virtualThreads(4));

    for (Kind kind : Kind.values()) {
      assertThat(indexes(kind, folder.resolve(kind.name())))
          .as(kind.name())
          .containsExactlyInAnyOrderElementsOf(IntStream.range(0, INPUTS).boxed().toList());
    }
  }

  private Pipeline<Integer, Integer> finished(Kind kind) {
    Pipeline<Integer, Integer> pipeline =
        SinkFaultsTest.<Integer>pipeline(i -> i)
            .write(kind.in(folder))
            .state(folder.resolve("state"));
    pipeline.run(Fan.sequential());
    return pipeline;
  }

  private static <R> Pipeline<Integer, R> pipeline(Task<Integer, R> task) {
    return Pipeline.read(Source.of("numbers", Range.of(0, INPUTS))).map(task);
  }

  private static List<Integer> indexes(Kind kind, Path at) throws Exception {
    return switch (kind) {
      case JSON_LINES, PACKED, CSV -> Outcomes.ofFiles(kind.in(at).place().orElseThrow());
      case PARTS ->
          Outcomes.ofFiles(
              IntStream.rangeClosed(1, INPUTS / 50)
                  .mapToObj(i -> PartedFile.part(at.resolve("a.csv"), i))
                  .toArray(Path[]::new));
      case FOLDER -> {
        try (Stream<Path> files = Files.list(at.resolve("a"))) {
          yield files
              .filter(Files::isRegularFile)
              .map(file -> Integer.valueOf(file.getFileName().toString().replace(".txt", "")))
              .toList();
        }
      }
      case SQLITE -> Outcomes.ofTable("jdbc:sqlite:" + at.resolve("a.db"), "a");
      case DUCKDB -> Outcomes.ofTable("jdbc:duckdb:" + at.resolve("a.duckdb"), "a");
    };
  }

  private static boolean ran(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
  }
}

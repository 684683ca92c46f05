package io.fanwise.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.Fan;
import io.fanwise.rows.BadInput;
import io.fanwise.rows.Compression;
import io.fanwise.rows.Reading;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Inputs that nobody writes on purpose, or somebody does.
class HostileInputTest {
  private static final long GIGABYTE = 1 << 30;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "lines.txt, 1000000, longer than 1000000 bytes",
    "lines.txt, 1073741824, more than memory has room for",
    "lines.jsonl, 1000000, longer than 1000000 bytes",
    "cells.csv, 1000000, buffer",
    "cells.csv, 1073741824, longer than memory has room for",
    "array.json, 1000000, not JSON"
  })
  void aRecordOfAGigabyteIsAnErrorInSixtyFourMegabytes(String name, String longest, String error)
      throws Exception {
    Path file = folder.resolve(name);
    Files.writeString(file, name.endsWith("json") ? "[1,\n\"" : "first\nsecond\n");
    try (FileChannel hole = FileChannel.open(file, StandardOpenOption.WRITE)) {
      hole.write(ByteBuffer.wrap("x".getBytes(UTF_8)), GIGABYTE);
    }

    String said = read(file, longest);

    assertThat(said).contains("BadInput").contains(name).contains(error);
  }

  @Test
  void anElementThatFillsTheMemoryIsAnErrorToo() throws Exception {
    Path file = folder.resolve("packed.json");
    try (OutputStream out = Compression.GZIP.packing(Files.newOutputStream(file))) {
      out.write("[1,\n\"".getBytes(UTF_8));
      byte[] many = "x".repeat(1 << 20).getBytes(UTF_8);
      for (int i = 0; i < 200; i++) {
        out.write(many);
      }
    }

    String said = read(file, "1");

    assertThat(said).contains("BadInput", "packed.json:2: an element longer than", "memory");
  }

  @Test
  void nulBytesAreCharactersLikeOthers() throws IOException {
    Path csv = Files.writeString(folder.resolve("nul.csv"), "a,b\n1\u0000,\"\u0000\n\"\n3,4\n");

    Summary summary = run(Source.csv(csv), row -> row.col("a") + row.col("b").length());

    assertThat(summary.done()).isEqualTo(2);
    assertThat(answers()).content().contains("\"1\\u00002\"", "\"31\"");
  }

  @Test
  void bytesThatAreNoTextEndTheRunAndItGoesOnWhenTheyAreMended() throws IOException {
    Path file = folder.resolve("lines.txt");
    byte[] bytes = "good\n".repeat(5_000).getBytes(UTF_8);
    bytes[20_001] = (byte) 0xC3;
    Files.write(file, bytes);

    assertThatThrownBy(() -> run(Source.lines(file), line -> line))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("lines.txt:4001: not UTF-8: byte 0xC3 at offset 20001");
    int safe = Files.readAllLines(answers()).size();
    Files.writeString(file, "good\n".repeat(5_000));
    Summary summary =
        Pipeline.read(Source.lines(file))
            .map(line -> line)
            .write(Sink.jsonLines(answers()))
            .version("1")
            .evenIfChanged()
            .run(Fan.threads(2));

    assertThat(safe).isLessThanOrEqualTo(4_000);
    assertThat(summary.before()).isEqualTo(safe);
    assertThat(summary.done()).isEqualTo(5_000);
    assertThat(Files.readAllLines(answers())).hasSize(5_000).doesNotHaveDuplicates();
  }

  @Test
  void aQuoteThatIsNeverClosedEndsTheRunAndSaysWhereItBegan() throws IOException {
    Path csv =
        Files.writeString(
            folder.resolve("open.csv"), "a,b\n1,2\n3,\"4\n" + "5,6\n".repeat(100_000));

    assertThatThrownBy(() -> run(Source.csv(csv), row -> row.col("a")))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("open.csv")
        .hasMessageContaining("line 3");
  }

  @Test
  void aRecordOfAHundredThousandFieldsFailsAloneOrIsAnErrorOfItsFile() throws IOException {
    Path csv =
        Files.writeString(
            folder.resolve("wide.csv"), "a,b\n1,2\n" + "x,".repeat(9_999) + "\n3,4\n");

    Summary summary = run(Source.csv(csv), row -> row.col("a"));

    assertThat(summary.done()).isEqualTo(2);
    assertThat(summary.failed()).isEqualTo(1);
    assertThat(summary.failures()).content().contains("10000 fields, but there are 2 columns");
    Path wider = Files.writeString(folder.resolve("wider.csv"), "a,b\n" + "x,".repeat(99_999));
    assertThatThrownBy(() -> run(Source.csv(wider), row -> row.col("a")))
        .hasMessageContaining("wider.csv");
  }

  @Test
  void aLineOfAHundredThousandBracketsIsTheFailureOfThatLine() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("deep.jsonl"),
            "1\n" + "[".repeat(100_000) + "]".repeat(100_000) + "\n{\"a\":2}\n");

    Summary summary = run(Source.jsonLines(file), json -> json);

    assertThat(summary.done()).isEqualTo(2);
    assertThat(summary.failed()).isEqualTo(1);
    assertThat(summary.failures()).content().contains("deep.jsonl:2", "nesting depth");
  }

  /// An input in which others are.
  private record Doll(int number, @Nullable Doll inside) {}

  @Test
  void aFailedInputThatNoJsonCanBeMadeOfIsToldByItsText() throws IOException {
    Doll deep = null;
    for (int i = 0; i < 1_000; i++) {
      deep = new Doll(i, deep);
    }
    List<Object> circle = new ArrayList<>();
    circle.add(circle);
    Path answers = folder.resolve("answers.jsonl");

    Summary summary =
        Pipeline.read(Source.<Object>of("dolls", List.of(deep, circle, "plain")))
            .<Object>map(input -> {
              throw new IllegalStateException("broken");
            })
            .write(Sink.jsonLines(answers))
            .run(Fan.sequential());

    assertThat(summary.failed()).isEqualTo(3);
    assertThat(Files.readAllLines(summary.failures()))
        .hasSize(3)
        .anySatisfy(line -> assertThat(line).contains("\"input\":\"Doll[number=999, inside=Doll["))
        .anySatisfy(line -> assertThat(line).contains("\"input\":\"[(this Collection)]\""));
  }

  @Test
  void causesThatGoInACircleAreToldOnce() throws IOException {
    IOException outer = new IOException("outer");
    outer.initCause(new IOException("inner", outer));

    Summary summary =
        Pipeline.read(Source.of("one", List.of(1)))
            .<Integer>map(_ -> {
              throw outer;
            })
            .write(Sink.jsonLines(folder.resolve("answers.jsonl")))
            .run(Fan.sequential());

    assertThat(Files.readString(summary.failures()))
        .contains("java.io.IOException: outer; caused by java.io.IOException: inner\"");
  }

  @Test
  void anArrayGoesOnAfterTheElementBeforeTheDeepOne() throws IOException {
    Path file = folder.resolve("array.json");
    String good = "[" + "1,\n".repeat(3_000);
    Files.writeString(file, good + "[".repeat(100_000));

    assertThatThrownBy(() -> run(Source.jsonArray(file), json -> json))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("array.json:3001: ");
    Files.writeString(file, good + "2]");
    Summary summary =
        Pipeline.read(Source.jsonArray(file))
            .map(json -> json)
            .write(Sink.jsonLines(answers()))
            .version("1")
            .evenIfChanged()
            .run(Fan.threads(2));

    assertThat(summary.done()).isEqualTo(3_001);
    assertThat(Files.readAllLines(answers())).hasSize(3_001).doesNotHaveDuplicates();
  }

  private <T> Summary run(Source<T> source, io.fanwise.work.Task<T, Object> task)
      throws IOException {
    Files.deleteIfExists(answers());
    try (var state =
        Files.exists(state()) ? Files.list(state()) : java.util.stream.Stream.<Path>empty()) {
      for (Path each : state.toList()) {
        Files.delete(each);
      }
    }
    return Pipeline.read(source)
        .map(task)
        .write(Sink.jsonLines(answers()))
        .version("1")
        .run(Fan.threads(2));
  }

  private Path answers() {
    return folder.resolve("answers.jsonl");
  }

  private Path state() {
    return folder.resolve("answers.jsonl.fan");
  }

  private static String read(Path file, String longest) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(
                java,
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Reader.class.getName(),
                file.toString(),
                longest)
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    return said;
  }

  /// The process with little memory.
  static final class Reader {
    private Reader() {}

    public static void main(String[] args) {
      Path file = Path.of(args[0]);
      Path answers = file.resolveSibling("answers.jsonl");
      Reading reading = Reading.standard().longest(Integer.parseInt(args[1]));
      Source<?> source =
          args[0].endsWith(".json") ? Source.jsonArray(file) : Source.rows(reading, file);
      try {
        Pipeline.read(source)
            .map(Object::toString)
            .write(Sink.jsonLines(answers))
            .run(Fan.threads(2));
      } catch (RuntimeException e) {
        System.out.println(e);
      }
    }
  }
}

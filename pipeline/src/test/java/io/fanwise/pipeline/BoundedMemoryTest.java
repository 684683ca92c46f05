package io.fanwise.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanwise.Fan;
import io.fanwise.rows.Row;
import io.fanwise.work.Task;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Memory does not grow with the number of items, from whatever they come and wherever they go.
/// `bench/memory` does the same with very many.
class BoundedMemoryTest {
  /// As objects, the results of so many would take twice the heap.
  private static final int ITEMS = 500_000;

  @TempDir Path folder;

  /// What is read, and how its number is found.
  enum From {
    LINES("%d\n"),
    PACKED("%d\n"),
    CSV("%d,\"Item \"\"%1$d\"\"\"\n"),
    TSV("%d\tItem\n"),
    JSON_LINES("{\"id\":%d,\"name\":\"Item %1$d\"}\n"),
    JSON_ARRAY("{\"id\":%d},\n"),
    ITERABLE(""),
    STREAM("");

    private final String record;

    From(String record) {
      this.record = record;
    }

    private Path in(Path folder) {
      return folder.resolve(name() + (this == PACKED ? ".gz" : ""));
    }

    void make(Path folder) throws IOException {
      if (record.isEmpty()) {
        return;
      }
      try (OutputStream file = Files.newOutputStream(in(folder));
          OutputStream out = this == PACKED ? new GZIPOutputStream(file) : file) {
        switch (this) {
          case CSV -> out.write("id,name\n".getBytes(UTF_8));
          case TSV -> out.write("id\tname\n".getBytes(UTF_8));
          case JSON_ARRAY -> out.write('[');
          default -> {}
        }
        StringBuilder some = new StringBuilder();
        for (int i = 0; i < ITEMS; i++) {
          some.append(record.formatted(i));
          if (i % 1_000 == 999) {
            out.write(some.toString().getBytes(UTF_8));
            some.setLength(0);
          }
        }
        out.write((this == JSON_ARRAY ? "{\"id\":%d}]".formatted(ITEMS) : "").getBytes(UTF_8));
      }
    }

    Summary into(Sink<? super String> sink, Path folder) {
      Path file = in(folder);
      return switch (this) {
        case LINES, PACKED -> run(Source.lines(file), (String line) -> line, sink, folder);
        case CSV -> run(Source.csv(file), (Row row) -> row.col("id"), sink, folder);
        case TSV -> run(Source.tsv(file), (Row row) -> row.col("id"), sink, folder);
        case JSON_LINES -> run(Source.jsonLines(file), From::id, sink, folder);
        case JSON_ARRAY -> run(Source.jsonArray(file), From::id, sink, folder);
        case ITERABLE -> {
          Iterable<Long> range = () -> boxed().iterator();
          yield run(Source.of("range", range), (Long i) -> "" + i, sink, folder);
        }
        case STREAM -> run(Source.stream("stream", From::boxed), (Long i) -> "" + i, sink, folder);
      };
    }

    private static String id(JsonNode json) {
      return json.get("id").asString();
    }

    private static Stream<Long> boxed() {
      return LongStream.range(0, ITEMS).boxed();
    }

    private static <T> Summary run(
        Source<T> source, Task<T, String> task, Sink<? super String> sink, Path folder) {
      return Pipeline.read(source)
          .range(0, ITEMS)
          .map(task)
          .write(sink)
          .state(folder.resolve("state"))
          .version("the number")
          .durability(Durability.PROCESS)
          .fresh()
          .run(Fan.threads(2));
    }
  }

  /// What is written.
  enum Into {
    JSON_LINES("a.jsonl"),
    PACKED("a.jsonl.zst"),
    GZIP("a.csv.gz"),
    CSV("a.csv"),
    PARTS("parts.tsv"),
    SQLITE("a.db"),
    DUCKDB("a.duckdb");

    private final String name;

    Into(String name) {
      this.name = name;
    }

    Sink<? super String> in(Path folder) {
      Path file = folder.resolve(name);
      return switch (this) {
        case JSON_LINES, PACKED -> Sink.jsonLines(file);
        case GZIP, CSV -> Sink.csv(file);
        case PARTS -> Sink.tsv(file).parts(Parts.ofCount(200_000));
        case SQLITE -> Sink.sqlite(file, "a");
        case DUCKDB -> Sink.duckdb(file, "a");
      };
    }

    List<Integer> indexes(Path folder) throws IOException, SQLException {
      Path file = folder.resolve(name);
      return switch (this) {
        case JSON_LINES, PACKED, GZIP, CSV -> Outcomes.ofFiles(file);
        case PARTS ->
            Outcomes.ofFiles(
                folder.resolve("parts-00001.tsv"),
                folder.resolve("parts-00002.tsv"),
                folder.resolve("parts-00003.tsv"));
        case SQLITE -> Outcomes.ofTable("jdbc:sqlite:" + file, "a");
        case DUCKDB -> Outcomes.ofTable("jdbc:duckdb:" + file, "a");
      };
    }
  }

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES) // fifteen runs
  void everySourceAndEverySinkDoWithALittleHeap() throws Exception {
    Path log = folder.resolve("log");
    Process program =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();

    int exit = program.waitFor();

    assertThat(exit).as(Files.readString(log)).isZero();
    for (Into into : Into.values()) {
      List<Integer> indexes = into.indexes(folder);
      BitSet seen = new BitSet();
      indexes.forEach(seen::set);
      assertThat(indexes).as(into.name()).hasSize(ITEMS);
      assertThat(seen.cardinality()).as(into.name()).isEqualTo(ITEMS);
    }
  }

  /// All runs, one after another.
  static final class Program {
    private Program() {}

    public static void main(String[] args) throws IOException {
      Path folder = Path.of(args[0]);
      for (From from : From.values()) {
        from.make(folder);
        check(from, Into.JSON_LINES, folder);
      }
      for (Into into : Into.values()) {
        check(From.CSV, into, folder);
      }
    }

    private static void check(From from, Into into, Path folder) {
      System.out.println(from + " into " + into);
      Summary summary = from.into(into.in(folder), folder);
      if (summary.done() != ITEMS || summary.failed() > 0) {
        throw new IllegalStateException(summary.toString());
      }
    }
  }
}

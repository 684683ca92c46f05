package io.fanwise.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.jerolba.carpet.CarpetWriter;
import io.fanwise.Fan;
import io.fanwise.pipeline.Pipeline;
import io.fanwise.pipeline.Sink;
import io.fanwise.pipeline.Source;
import io.fanwise.pipeline.Summary;
import io.fanwise.rows.BadInput;
import io.fanwise.rows.Bookmark;
import io.fanwise.rows.Row;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ParquetRowsTest {
  @TempDir Path folder;

  @Test
  void whatIsNoParquetFileIsSaid() throws IOException {
    Path text = Files.writeString(folder.resolve("items.parquet"), "id,name\n1,a\n");

    assertThatThrownBy(() -> rows(Parquet.rows(text)))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("Cannot read " + text);
    assertThatThrownBy(() -> rows(Parquet.rows(folder.resolve("none.parquet"))))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("No such file");
    assertThatThrownBy(Parquet::rows)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("name at least one file to read");
  }

  @Test
  void aFileThatIsCutShortIsSaid() throws IOException {
    Path file = numbered("items.parquet", 0, 1_000, CompressionCodecName.ZSTD);
    byte[] bytes = Files.readAllBytes(file);
    Path cut = Files.write(folder.resolve("cut.parquet"), Arrays.copyOf(bytes, 500));

    assertThatThrownBy(() -> rows(Parquet.rows(cut)))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("Cannot read " + cut);
  }

  @Test
  void whatIsDamagedInTheMiddleIsSaidAfterWhatCameBefore() throws IOException {
    Path file = numbered("items.parquet", 0, 20_000, CompressionCodecName.ZSTD);
    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, bytes.length / 2, bytes.length / 2 + 2_000, (byte) 0x5A);
    Files.write(file, bytes);

    assertThatThrownBy(() -> rows(Parquet.rows(file)))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("Cannot read " + file);
  }

  @Test
  void aColumnThatIsNotThereIsRefusedWithThoseThatAre() throws IOException {
    Path file = numbered("items.parquet", 0, 3, CompressionCodecName.ZSTD);

    assertThatThrownBy(() -> rows(Parquet.rows(file).columns("nr")))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("no column \"nr\" in")
        .hasMessageEndingWith("it has id, name");
  }

  @ParameterizedTest
  @EnumSource(names = {"UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD"})
  void packedAsUsual(CompressionCodecName codec) throws IOException {
    Path file = numbered("items.parquet", 0, 100, codec);

    List<Row> rows = rows(Parquet.rows(file));

    assertThat(rows).hasSize(100);
    assertThat(rows.get(99).col("name")).isEqualTo("item 99");
    assertThat(rows.get(99).place()).isEqualTo(file + ":100");
  }

  enum Colour {
    RED
  }

  record Part(String name, Integer count) {}

  record Everything(
      int whole,
      long big,
      float single,
      double real,
      boolean good,
      String text,
      String nothing,
      BigDecimal price,
      LocalDate day,
      LocalTime time,
      LocalDateTime local,
      Instant instant,
      UUID uuid,
      Colour colour,
      List<Integer> numbers,
      List<Part> parts,
      Map<String, Integer> counts,
      Part part) {}

  @Test
  void valuesHaveTheirTypes() throws IOException {
    UUID uuid = new UUID(17, 4);
    Path file = folder.resolve("all.parquet");
    try (OutputStream out = Files.newOutputStream(file);
        CarpetWriter<Everything> writer =
            new CarpetWriter.Builder<>(out, Everything.class).withDefaultDecimal(10, 2).build()) {
      writer.write(
          new Everything(
              1,
              1L << 60,
              0.1f,
              0.1,
              true,
              "ü",
              null,
              new BigDecimal("12.50"),
              LocalDate.of(2026, 2, 28),
              LocalTime.of(1, 2, 3),
              LocalDateTime.of(2026, 3, 29, 2, 30),
              Instant.parse("2026-11-20T10:00:00Z"),
              uuid,
              Colour.RED,
              List.of(1, 2),
              List.of(new Part("a", 1), new Part("b", null)),
              Map.of("x", 1),
              new Part("c", 3)));
    }

    Row row = rows(Parquet.rows(file)).getFirst();

    assertThat(row.toJson())
        .isEqualTo(
            """
            {"whole":1,"big":1152921504606846976,"single":0.1,"real":0.1,"good":true,"text":"ü","nothing":null,\
            "price":12.50,"day":"2026-02-28","time":"01:02:03","local":"2026-03-29T02:30:00",\
            "instant":"2026-11-20T10:00:00Z","uuid":"%s","colour":"RED","numbers":[1,2],\
            "parts":[{"name":"a","count":1},{"name":"b","count":null}],"counts":{"x":1},\
            "part":{"name":"c","count":3}}\
            """
                .formatted(uuid));
    assertThat(row.col("nothing")).isEmpty();
    assertThat(row.col("price")).isEqualTo("12.50");
  }

  @Test
  void onlySomeColumnsAreRead() throws IOException {
    Path file = numbered("items.parquet", 0, 3, CompressionCodecName.ZSTD);

    List<Row> rows = rows(Parquet.rows(file).columns("name"));

    assertThat(rows.getFirst().columns()).containsExactly("name");
    assertThat(rows.getLast().text()).isEqualTo("item 2");
  }

  @Test
  void readingGoesOnAtAnyRowOfAnyFile() throws IOException {
    ParquetRows source =
        Parquet.rows(
            numbered("1.parquet", 0, 12_000, CompressionCodecName.ZSTD),
            numbered("2.parquet", 12_000, 0, CompressionCodecName.ZSTD),
            numbered("3.parquet", 12_000, 13_000, CompressionCodecName.ZSTD));

    for (int at : new int[] {0, 1, 5_000, 11_999, 12_000, 12_001, 24_000, 25_000}) {
      Bookmark bookmark = after(source, at);
      try (Source.Cursor cursor = source.open(bookmark)) {
        for (int i = at; i < 25_000; i++) {
          assertThat(cursor.advance()).isTrue();
          Row row = (Row) cursor.value();
          assertThat(row.index()).isEqualTo(i);
          assertThat(row.col("id")).isEqualTo(Integer.toString(i));
        }
        assertThat(cursor.advance()).isFalse();
      }
    }
    assertThat(source.size()).hasValue(25_000);
  }

  @Test
  void whatWasInterruptedGoesOnAndEveryRowIsDoneOnce() throws IOException {
    Path file = numbered("items.parquet", 0, 10_000, CompressionCodecName.ZSTD);
    Thread caller = Thread.currentThread();
    boolean[] first = {true};
    Path answers = folder.resolve("answers.jsonl");
    Pipeline<Row, Long> pipeline =
        Pipeline.read(Parquet.rows(file))
            .<Long>map(row -> {
              if (first[0] && row.index() == 6_000) {
                caller.interrupt();
              }
              return row.json().get("id").longValue();
            })
            .write(Sink.jsonLines(answers));
    assertThatThrownBy(() -> pipeline.run(Fan.sequential()))
        .isInstanceOf(CancellationException.class);
    Thread.interrupted();
    first[0] = false;

    Summary summary = pipeline.run(Fan.sequential());

    assertThat(summary.before()).isBetween(1L, 9_999L);
    assertThat(Files.readAllLines(answers))
        .containsExactlyElementsOf(
            IntStream.range(0, 10_000)
                .mapToObj(i -> "{\"index\":%d,\"result\":%d}".formatted(i, i))
                .toList());
  }

  @Test
  void whatTheSinkWritesIsReadWithItsTypes() throws IOException {
    Path file = numbered("items.parquet", 0, 3, CompressionCodecName.ZSTD);
    Path copy = folder.resolve("copy.parquet");

    Pipeline.read(Parquet.rows(file))
        .map(row -> row)
        .write(Parquet.file(copy))
        .run(Fan.sequential());

    assertThat(rows(Parquet.rows(copy)))
        .extracting(Row::toJson)
        .containsExactly(
            "{\"index\":0,\"id\":0,\"name\":\"item 0\"}",
            "{\"index\":1,\"id\":1,\"name\":\"item 1\"}",
            "{\"index\":2,\"id\":2,\"name\":\"item 2\"}");
  }

  private static Bookmark after(Source<Row> source, int rows) throws IOException {
    try (Source.Cursor cursor = source.open(Bookmark.START)) {
      for (int i = 0; i < rows; i++) {
        cursor.advance();
      }
      return cursor.bookmark();
    }
  }

  private static List<Row> rows(Source<Row> source) throws IOException {
    List<Row> rows = new ArrayList<>();
    try (Source.Cursor cursor = source.open(Bookmark.START)) {
      while (cursor.advance()) {
        rows.add((Row) cursor.value());
      }
    }
    return rows;
  }

  record Item(long id, String name) {}

  /// A file with ids from a number on; a row group has 3,000.
  private Path numbered(String name, int from, int count, CompressionCodecName codec)
      throws IOException {
    Path file = folder.resolve(name);
    try (OutputStream out = Files.newOutputStream(file);
        CarpetWriter<Item> writer =
            new CarpetWriter.Builder<>(out, Item.class)
                .withCompressionCodec(codec)
                .withRowGroupRowCountLimit(3_000)
                .build()) {
      for (int i = from; i < from + count; i++) {
        writer.write(new Item(i, "item " + i));
      }
    }
    return file;
  }
}

package io.fanwise.cli.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.cli.task.NoResult;
import io.fanwise.rows.Format;
import io.fanwise.rows.Header;
import io.fanwise.rows.Inputs;
import io.fanwise.rows.Reading;
import io.fanwise.rows.Row;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

class ResultsTest {

  private static final Writing LINES = Writing.to(Optional.empty());
  private static final Writing JSONL = LINES.format(Format.JSONL);
  private static final Writing CSV = LINES.format(Format.CSV);

  @TempDir Path folder;

  record Item(String name, double price, List<Integer> sizes) {}

  static final class Opaque {
    public int getSecret() {
      return 1;
    }

    @Override
    public String toString() {
      return "opaque";
    }
  }

  static Stream<Arguments> values() {
    var json = JsonNodeFactory.instance;
    var map = new LinkedHashMap<Object, Object>();
    map.put("b", 1);
    map.put(2, Optional.empty());
    return Stream.of(
        Arguments.of("a\"b\nc\td", "a\"b\nc\td", "\"a\\\"b\\nc\\td\""),
        Arguments.of(42, "42", "42"),
        Arguments.of(1.5e10, "1.5E10", "1.5E10"),
        Arguments.of(Double.NaN, "NaN", "\"NaN\""),
        Arguments.of(new BigDecimal("1.10"), "1.10", "1.10"),
        Arguments.of(true, "true", "true"),
        Arguments.of('x', "x", "\"x\""),
        Arguments.of(TimeUnit.DAYS, "DAYS", "\"DAYS\""),
        Arguments.of(LocalDate.of(2026, 1, 2), "2026-01-02", "\"2026-01-02\""),
        Arguments.of(Instant.EPOCH, "1970-01-01T00:00:00Z", "\"1970-01-01T00:00:00Z\""),
        Arguments.of(Duration.ofMillis(1500), "PT1.5S", "\"PT1.5S\""),
        Arguments.of(Optional.of("x"), "x", "\"x\""),
        Arguments.of(Optional.empty(), "", "null"),
        Arguments.of(Path.of("a/b"), "a/b", "\"a/b\""),
        Arguments.of(new Opaque(), "opaque", "\"opaque\""),
        Arguments.of(java.nio.CharBuffer.wrap("x"), "x", "\"x\""),
        Arguments.of(List.of("a", 1), "[\"a\",1]", "[\"a\",1]"),
        Arguments.of(new int[] {1, 2}, "[1,2]", "[1,2]"),
        Arguments.of(new String[] {"a"}, "[\"a\"]", "[\"a\"]"),
        Arguments.of(new char[] {'a', 'b'}, "ab", "\"ab\""),
        Arguments.of(new byte[] {1, 2}, "AQI=", "\"AQI=\""),
        Arguments.of(map, "{\"b\":1,\"2\":null}", "{\"b\":1,\"2\":null}"),
        Arguments.of(
            new Item("x", 2, List.of(3)),
            "{\"name\":\"x\",\"price\":2.0,\"sizes\":[3]}",
            "{\"name\":\"x\",\"price\":2.0,\"sizes\":[3]}"),
        Arguments.of(List.of(new Opaque()), "[\"opaque\"]", "[\"opaque\"]"),
        Arguments.of(json.stringNode("x"), "x", "\"x\""),
        Arguments.of(json.numberNode(3), "3", "3"),
        Arguments.of(json.nullNode(), "", "null"),
        Arguments.of(json.objectNode().put("a", "b"), "{\"a\":\"b\"}", "{\"a\":\"b\"}"));
  }

  @ParameterizedTest
  @MethodSource("values")
  void aResultIsWrittenAsWhatItIs(Object result, String line, String json) {
    assertThat(written(LINES, row("in"), result)).isEqualTo(line + "\n");
    assertThat(written(JSONL, row("in"), result)).isEqualTo(json + "\n");
  }

  @Test
  void aStreamIsWrittenAsTheListOfWhatIsInIt() {
    assertThat(written(LINES, row("in"), Stream.of(1, 2))).isEqualTo("[1,2]\n");
    assertThat(written(JSONL, row("in"), Stream.of(1, 2))).isEqualTo("[1,2]\n");
  }

  @Test
  void aRowIsWrittenAsItsInput() {
    Row csv = row(Format.CSV, "a,b\n1,2");

    assertThat(written(LINES, csv, csv)).isEqualTo("1,2\n");
    assertThat(written(JSONL, csv, csv)).isEqualTo("{\"a\":\"1\",\"b\":\"2\"}\n");
  }

  @Test
  void recordsOfTheNulFormatEndWithNul() {
    assertThat(written(LINES.format(Format.NUL), row("in"), "a\nb")).isEqualTo("a\nb\0");
  }

  @Test
  void partsStandAroundTheResult() {
    Writing all = LINES.with(Part.MS).with(Part.INPUT).with(Part.INDEX).with(Part.ATTEMPTS);

    assertThat(written(all, row("in"), 7)).isEqualTo("0\tin\t7\t2\t1.500\n");
    assertThat(written(all.format(Format.JSONL), row("in"), 7))
        .isEqualTo("{\"index\":0,\"input\":\"in\",\"result\":7,\"attempts\":2,\"ms\":1.500}\n");
    assertThat(written(all.format(Format.CSV), row("in"), 7))
        .isEqualTo("index,input,result,attempts,ms\n0,in,7,2,1.500\n");
  }

  @Test
  void aJsonInputIsEchoedAsItWas() {
    Row json = row(Format.JSONL, "{\"a\": 1.10}");

    assertThat(written(JSONL.with(Part.INPUT), json, 1))
        .isEqualTo("{\"input\":{\"a\": 1.10},\"result\":1}\n");
  }

  @Test
  void aCsvInputIsEchoedInItsColumns() {
    Row csv = row(Format.CSV, "id,price\n7,\"2,5\"");

    assertThat(written(CSV.with(Part.INPUT), csv, "x")).isEqualTo("id,price,result\n7,\"2,5\",x\n");
    assertThat(written(CSV.with(Part.INPUT), csv, Map.of("price", 3)))
        .isEqualTo("id,price,price_2\n7,\"2,5\",3\n");
    assertThat(written(JSONL.with(Part.INPUT), csv, 1))
        .isEqualTo("{\"input\":{\"id\":\"7\",\"price\":\"2,5\"},\"result\":1}\n");
    assertThat(written(LINES.with(Part.INPUT), csv, 1)).isEqualTo("7,\"2,5\"\t1\n");
  }

  @Test
  void recordsMapsAndObjectsHaveColumns() {
    assertThat(written(CSV, row("in"), new Item("x", 2, List.of(3, 4))))
        .isEqualTo("name,price,sizes\nx,2.0,\"[3,4]\"\n");
    assertThat(written(CSV, row("in"), Map.of("a", Optional.empty()))).isEqualTo("a\n\"\"\n");
    assertThat(written(CSV, row("in"), JsonNodeFactory.instance.objectNode().put("a", "b")))
        .isEqualTo("a\nb\n");
    assertThat(written(CSV.format(Format.TSV), row("in"), new Item("x\ty", 2, List.of())))
        .isEqualTo("name\tprice\tsizes\n\"x\ty\"\t2.0\t[]\n");
    assertThat(written(CSV, row("in"), List.of(1, 2))).isEqualTo("result\n\"[1,2]\"\n");
  }

  @Test
  void columnsFindTheirPlaceAndNewOnesAreRefusedByName() {
    var bytes = new ByteArrayOutputStream();
    try (Results results = Results.standard(bytes, CSV)) {
      write(results, CSV, "{\"a\":1,\"b\":2}");
      write(results, CSV, "{\"b\":3,\"a\":4}");
      write(results, CSV, "{\"b\":5}");
      assertThatThrownBy(() -> write(results, CSV, "{\"c\":6}"))
          .isInstanceOf(BadOutput.class)
          .hasMessage(
              "no column for \"c\": the first result has a, b; as jsonl, each result can have its"
                  + " own");
      write(results, CSV, "{\"a\":7}");
    }

    assertThat(bytes.toString(UTF_8)).isEqualTo("a,b\n1,2\n4,3\n,5\n7,\n");
  }

  @Test
  void aTaskWithoutResultWritesOnlyTheParts() {
    assertThat(written(LINES, row("in"), NoResult.NO_RESULT)).isEmpty();
    assertThat(written(JSONL, row("in"), NoResult.NO_RESULT)).isEmpty();
    assertThat(written(LINES.with(Part.INPUT), row("in"), NoResult.NO_RESULT)).isEqualTo("in\n");
    assertThat(written(JSONL.with(Part.INPUT), row("in"), NoResult.NO_RESULT))
        .isEqualTo("{\"input\":\"in\"}\n");
    assertThat(written(CSV.with(Part.INDEX), row("in"), NoResult.NO_RESULT))
        .isEqualTo("index\n0\n");
  }

  @Test
  void aResultThatIsNoTextFailsOnTheWorker() {
    List<Object> itself = new ArrayList<>();
    itself.add(itself);

    assertThatThrownBy(() -> new Rendering(JSONL).after(_ -> itself).run(row("in")))
        .isInstanceOf(RuntimeException.class);
  }

  // streams and files

  @Test
  void theOperatingSystemIsGivenWholeRecordsOnly() {
    List<String> given = new ArrayList<>();
    OutputStream out =
        new OutputStream() {
          @Override
          public void write(int b) {
            throw new AssertionError("byte by byte");
          }

          @Override
          public void write(byte[] bytes, int from, int length) {
            given.add(new String(bytes, from, length, UTF_8));
          }
        };

    try (Results results = Results.standard(out, LINES)) {
      for (int i = 0; i < 30_000; i++) {
        write(results, LINES, "record " + i);
      }
      write(results, LINES, "x".repeat(200_000));
      write(results, LINES, "last");
    }

    assertThat(given)
        .hasSizeGreaterThan(3)
        .filteredOn(part -> !part.isEmpty())
        .allMatch(part -> part.endsWith("\n"));
    assertThat(String.join("", given).lines()).hasSize(30_002).endsWith("last");
  }

  @Test
  void flushShowsWhatIsThere() throws IOException {
    Path file = folder.resolve("a.txt");

    try (Results results = Results.file(file, LINES, List.of())) {
      write(results, LINES, "a");
      assertThat(file).isEmptyFile();
      results.flush();
      assertThat(file).hasContent("a\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"out.jsonl", "out.csv.gz", "out.tsv.zst", "out.zstd"})
  void theNameSaysFormatAndPacking(String name) throws IOException {
    Path file = folder.resolve(name);
    Writing writing = Writing.to(Optional.of(file));
    try (Results results = Results.file(file, writing, List.of())) {
      write(results, writing, "x");
      results.flush();
      write(results, writing, "y");
    }

    List<String> texts = new ArrayList<>();
    Reading reading = Reading.standard().header(Header.ABSENT);
    try (Inputs inputs =
        Inputs.of(List.of(file.toString()), InputStream.nullInputStream(), reading)) {
      inputs.forEachRemaining(row -> texts.add(row.text()));
    }
    assertThat(texts)
        .endsWith(name.endsWith(".jsonl") ? "\"y\"" : "y")
        .first()
        .isIn("\"x\"", "x", "result");
  }

  @Test
  void anInputIsNeverOverwritten() throws IOException {
    Path file = Files.writeString(folder.resolve("a.txt"), "precious");
    Path same = folder.resolve(".").resolve("a.txt");
    Path link = Files.createSymbolicLink(folder.resolve("link.txt"), file);

    for (Path each : List.of(file, same, link)) {
      assertThatThrownBy(() -> Results.file(each, LINES, List.of(file)))
          .isInstanceOf(BadOutput.class)
          .hasMessageContaining("is used already");
    }
    assertThat(file).hasContent("precious");
  }

  @Test
  void aFileThatCannotBeWrittenIsRefusedInOneSentence() {
    assertThatThrownBy(() -> Results.file(folder.resolve("no/such.txt"), LINES, List.of()))
        .hasMessage("Cannot write " + folder.resolve("no/such.txt") + ": no such directory");
    assertThatThrownBy(() -> Results.file(folder, LINES, List.of()))
        .hasMessage("Cannot write " + folder + ": it is a directory");
  }

  @Test
  void aFullDiskIsNamedWithTheFile() {
    Results results = Results.standard(failing("No space left on device"), LINES);
    write(results, LINES, "x");

    assertThatThrownBy(results::flush)
        .isInstanceOfSatisfying(BadOutput.class, e -> assertThat(e.brokenPipe()).isFalse())
        .hasMessage("Cannot write standard output: No space left on device");
  }

  @Test
  void aClosedPipeIsTold() {
    Results results = Results.standard(failing("Broken pipe"), LINES);
    write(results, LINES, "x");

    assertThatThrownBy(results::flush)
        .isInstanceOfSatisfying(BadOutput.class, e -> assertThat(e.brokenPipe()).isTrue());
    assertThat(BadOutput.isBrokenPipe(new IOException("Broken pipe"))).isTrue();
    assertThat(BadOutput.isBrokenPipe(new IOException())).isFalse();
  }

  // failures

  @ParameterizedTest
  @ValueSource(strings = {"failed.txt", "failed.csv", "failed.tsv.gz", "failed.jsonl", "failed"})
  void whatFailedCanBeReadAgain(String name) throws IOException {
    Path file = folder.resolve(name);
    Format format = Format.of(name);
    String content =
        switch (format) {
          case CSV -> "a,b\n1,\"x\ny\"\n2,3,4\n";
          case TSV -> "a\tb\n1\t\"x\ny\"\n2\t3\n";
          case JSONL -> "{\"a\": 1.10}\n{bad\n";
          case LINES, NUL -> "x\n y \n";
        };
    List<Row> failed = rows(format, content);

    try (Failures failures = Failures.file(file, format, Header.PRESENT, List.of())) {
      failed.forEach(row -> failures.write(row, new IOException("no", new Error("why")), 3));
    }

    List<String> again = new ArrayList<>();
    try (Inputs inputs =
        Inputs.of(List.of(file.toString()), InputStream.nullInputStream(), Reading.standard())) {
      inputs.forEachRemaining(row -> again.add(row.text()));
    }
    assertThat(again).isEqualTo(failed.stream().map(Row::text).toList());
    try (Inputs errors =
        Inputs.of(
            List.of(Failures.errorsBeside(file).toString()),
            InputStream.nullInputStream(),
            Reading.standard())) {
      Row first = errors.next();
      assertThat(first.columns()).containsExactly("index", "place", "input", "error", "attempts");
      assertThat(first.col("input")).isEqualTo(failed.getFirst().text());
      assertThat(first.col("error"))
          .isEqualTo("java.io.IOException: no; caused by java.lang.Error: why");
      assertThat(first.col("attempts")).isEqualTo("3");
    }
  }

  @Test
  void failuresWithoutHeaderHaveNone() throws IOException {
    Path file = folder.resolve("failed.csv");
    Row row = rows(Format.CSV, "a\n1\n").getFirst();

    try (Failures failures = Failures.file(file, Format.CSV, Header.ABSENT, List.of())) {
      failures.write(row, new Error(), 1);
    }

    assertThat(file).hasContent("1\n");
  }

  @Test
  void failuresAreNotNamedAsAnotherFormat() {
    assertThatThrownBy(
            () -> Failures.file(folder.resolve("f.jsonl"), Format.LINES, Header.PRESENT, List.of()))
        .isInstanceOf(BadOutput.class)
        .hasMessageEndingWith(
            "would be read as jsonl, but the inputs it is for are lines: name it failed.txt");
    assertThat(folder.resolve("f.jsonl")).doesNotExist();
  }

  @Test
  void theErrorsAreBesideTheInputs() {
    assertThat(Failures.errorsBeside(Path.of("a/f.csv.gz")))
        .isEqualTo(Path.of("a/f.csv.errors.jsonl.gz"));
    assertThat(Failures.errorsBeside(Path.of("f"))).isEqualTo(Path.of("f.errors.jsonl"));
  }

  private static OutputStream failing(String message) {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException(message);
      }
    };
  }

  private static void write(Results results, Writing writing, String result) {
    Object value = result.startsWith("{") ? row(Format.JSONL, result).json() : result;
    results.write(new Rendering(writing).render(row("in"), value), 1, Duration.ZERO);
  }

  private static String written(Writing writing, Row input, Object result) {
    var bytes = new ByteArrayOutputStream();
    try (Results results = Results.standard(bytes, writing)) {
      Rendered rendered = new Rendering(writing).after(_ -> result).run(input);
      results.write(rendered, 2, Duration.ofNanos(1_500_000));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    return bytes.toString(UTF_8);
  }

  private static Row row(String line) {
    return row(Format.LINES, line);
  }

  private static Row row(Format format, String content) {
    return rows(format, content).getFirst();
  }

  private static List<Row> rows(Format format, String content) {
    List<Row> rows = new ArrayList<>();
    InputStream in = new ByteArrayInputStream(content.getBytes(UTF_8));
    try (Inputs inputs = Inputs.of(List.of(), in, Reading.standard().format(format))) {
      inputs.forEachRemaining(rows::add);
    }
    return rows;
  }
}

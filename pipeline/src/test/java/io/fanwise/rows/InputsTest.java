package io.fanwise.rows;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class InputsTest {

  private static final Reading LINES = Reading.standard().format(Format.LINES);
  private static final Reading CSV = Reading.standard().format(Format.CSV);
  private static final Reading JSONL = Reading.standard().format(Format.JSONL);

  @TempDir Path folder;

  // lines

  @Test
  void linesAreReadInOrderAndCountedFromOne() {
    List<Row> rows = rows("a\nb\n", LINES);

    assertThat(rows).extracting(Row::text).containsExactly("a", "b");
    assertThat(rows).extracting(Row::number).containsExactly(1L, 2L);
    assertThat(rows).extracting(Row::index).containsExactly(0L, 1L);
    assertThat(rows).extracting(Row::place).containsExactly("standard input:1", "standard input:2");
  }

  @Test
  void theLastLineNeedsNoEnd() {
    assertThat(texts("a\nb", LINES)).containsExactly("a", "b");
  }

  @Test
  void anEmptyLineIsAnInputAndAnEmptyFileHasNone() {
    assertThat(texts("\n\n", LINES)).containsExactly("", "");
    assertThat(texts("", LINES)).isEmpty();
  }

  @Test
  void windowsLineEndsAreNoPartOfALine() {
    assertThat(texts("a\r\nb\r\n\r\nc\rd\r\n", LINES)).containsExactly("a", "b", "", "c\rd");
  }

  @Test
  void aByteOrderMarkIsNoPartOfTheFirstLine() {
    assertThat(texts("\uFEFFa\n\uFEFFb", LINES)).containsExactly("a", "\uFEFFb");
  }

  @Test
  void nulBytesInLinesAreCharacters() {
    assertThat(texts("a\0b\nc", LINES)).containsExactly("a\0b", "c");
  }

  @Test
  void nulSeparatesRecordsThatContainLineEnds() {
    assertThat(texts("a\nb\0c\r\0", Reading.standard().format(Format.NUL)))
        .containsExactly("a\nb", "c\r");
  }

  @Test
  void linesLongerThanTheBufferAreWhole() {
    String line = "é".repeat(1_000_000);

    assertThat(texts(line + "\nshort\n" + line, LINES)).containsExactly(line, "short", line);
  }

  @Test
  void linesArriveAsTheyAreTyped() {
    InputStream typed =
        new InputStream() {
          private int at;

          @Override
          public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0];
          }

          @Override
          public int read(byte[] target, int from, int length) {
            if (at == 2) {
              throw new AssertionError("read on though a line was there");
            }
            target[from] = (byte) "(\n".charAt(at++);
            return 1;
          }
        };

    try (Inputs inputs = Inputs.of(List.of(), typed, LINES)) {
      assertThat(inputs.next().text()).isEqualTo("(");
    }
  }

  @Test
  void aLineThatIsTooLongIsAnErrorAndNotAnEmptyMemory() {
    Reading brief = LINES.longest(100_000);

    assertThatThrownBy(() -> texts("a\n" + "x".repeat(1_000_000), brief))
        .isInstanceOf(BadInput.class)
        .hasMessage("standard input:2: longer than 100000 bytes; is --format right?");
  }

  @Test
  void linesHaveNoColumns() {
    Row row = rows("a", LINES).getFirst();

    assertThat(row.columns()).isEmpty();
    assertThatThrownBy(() -> row.col("price"))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessageContaining("--format csv");
    assertThatThrownBy(() -> row.col(1)).isInstanceOf(NoSuchElementException.class);
  }

  // encodings

  @Test
  void bytesThatAreNotUtf8AreNamedWithFileLineAndOffset() throws IOException {
    Path file = Files.write(folder.resolve("names.txt"), "ab\ncafé\n".getBytes(ISO_8859_1));

    assertThatThrownBy(() -> texts(file, Reading.standard()))
        .isInstanceOf(BadInput.class)
        .hasMessage(
            file
                + ":2: not UTF-8: byte 0xE9 at offset 6; name the right encoding, such as"
                + " --encoding ISO-8859-1");
  }

  @Test
  void theOffsetCountsFromTheBeginningOfALargeFile() throws IOException {
    byte[] bytes = "0123456789\n".repeat(100_000).getBytes(UTF_8);
    bytes[777_777] = (byte) 0xC3;
    Path file = Files.write(folder.resolve("large.txt"), bytes);

    assertThatThrownBy(() -> texts(file, Reading.standard()))
        .hasMessageContaining("large.txt:70708: not UTF-8: byte 0xC3 at offset 777777;");
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "txt"})
  void linesBeforeTheWrongByteAreRead(String extension) throws IOException {
    Path file = Files.write(folder.resolve("a." + extension), "h\nok\n\u00ff".getBytes(ISO_8859_1));

    try (Inputs inputs =
        Inputs.of(List.of(file.toString()), InputStream.nullInputStream(), Reading.standard())) {
      assertThat(inputs.next().text()).isIn("h", "ok");
      assertThatThrownBy(() -> inputs.forEachRemaining(_ -> {}))
          .hasMessageContaining(":3: not UTF-8: byte 0xFF at offset 5");
      assertThat(inputs.hasNext()).isFalse();
    }
  }

  @Test
  void aReplacementCharacterInGoodTextIsGoodText() {
    assertThat(texts("\uFFFD\n", LINES)).containsExactly("\uFFFD");
  }

  @Test
  void utf16IsGuessedInTheErrorOnly() {
    assertThatThrownBy(() -> texts("a\n".getBytes(UTF_16), LINES))
        .hasMessageEndingWith("--encoding UTF-16");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "ISO-8859-1", "windows-1252"})
  void otherEncodingsAreReadWhenNamed(String name) {
    Charset encoding = Charset.forName(name);
    String text = "é;ü\n".repeat(50_000);

    assertThat(texts(text.getBytes(encoding), LINES.encoding(encoding)))
        .hasSize(50_000)
        .containsOnly("é;ü");
    assertThat(texts(("x\n" + text).getBytes(encoding), CSV.encoding(encoding)))
        .hasSize(50_000)
        .containsOnly("é;ü");
  }

  @Test
  void charactersBeyondTheFirstPlaneSurviveRecoding() {
    String text = "a" + "😀".repeat(100_000) + "\n";

    assertThat(texts(("\uFEFF" + text).getBytes(UTF_16LE), LINES.encoding(UTF_16LE)))
        .containsExactly(text.strip());
  }

  @Test
  void brokenTextInAnotherEncodingIsAnErrorToo() {
    byte[] half = {0x61, 0x00, 0x62};

    assertThatThrownBy(() -> texts(half, LINES.encoding(UTF_16LE)))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("standard input:1: not UTF-16LE: byte 0x62 at offset 2");
  }

  // csv and tsv

  @Test
  void columnsAreNamedByTheHeader() {
    List<Row> rows = rows("id,price\n1,2.5\n2,3\n", CSV);

    assertThat(rows).extracting(row -> row.col("price")).containsExactly("2.5", "3");
    assertThat(rows).extracting(row -> row.col(1)).containsExactly("1", "2");
    assertThat(rows.getFirst().columns()).containsExactly("id", "price");
    assertThat(rows.getFirst().place()).isEqualTo("standard input:2");
  }

  @Test
  void columnsWithoutHeaderAreNumbered() {
    Row row = rows("a,b\n", CSV.header(Header.ABSENT)).getFirst();

    assertThat(row.columns()).containsExactly("1", "2");
    assertThat(row.col("2")).isEqualTo("b");
  }

  @Test
  void quotedFieldsContainAnything() {
    List<Row> rows = rows("a,b\r\n\"x, \"\"y\"\"\r\nz\",2\r\n3,4\r\n", CSV);

    assertThat(rows.getFirst().col("a")).isEqualTo("x, \"y\"\r\nz");
    assertThat(rows.getFirst().text()).isEqualTo("\"x, \"\"y\"\"\r\nz\",2");
    assertThat(rows.getLast().place()).isEqualTo("standard input:4");
  }

  @Test
  void tabsSeparateInTsv() {
    Row row = rows("a\tb\n1,5\t2\n", Reading.standard().format(Format.TSV)).getFirst();

    assertThat(row.cells()).containsExactly("1,5", "2");
    assertThat(row.text()).isEqualTo("1,5\t2");
  }

  @Test
  void cellsLeftOutAreEmpty() {
    assertThat(rows("a,b,c\n1\n", CSV).getFirst().cells()).containsExactly("1", "", "");
  }

  @Test
  void aRecordWithTooManyFieldsFailsAlone() {
    List<Row> rows = rows("a,b\n1,2\n3,4,5\n6,7\n", CSV);

    assertThat(rows).hasSize(3);
    assertThat(rows.getFirst().sound()).isSameAs(rows.getFirst());
    assertThatThrownBy(() -> rows.get(1).sound())
        .isInstanceOf(BadInput.class)
        .hasMessage(
            "standard input:3: 3 fields, but there are 2 columns (a, b): quote a field that"
                + " contains the separator");
    assertThat(rows.get(1).text()).isEqualTo("3,4,5");
  }

  @Test
  void anUnknownColumnListsTheKnown() {
    Row row = rows("id,price\n1,2\n", CSV).getFirst();

    assertThatThrownBy(() -> row.col("prise"))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage("no column \"prise\" in standard input: it has id, price");
    assertThatThrownBy(() -> row.col(0)).hasMessageContaining("columns count from 1, there are 2");
    assertThatThrownBy(() -> row.col(3)).hasMessageContaining("no column 3 at standard input:2");
  }

  @Test
  void columnsOfOneNameAreToldApart() {
    Row row = rows("a,a,,a_2\n1,2,3,4\n", CSV).getFirst();

    assertThat(row.columns()).containsExactly("a", "a_2", "3", "a_2_2");
    assertThat(row.col("a_2")).isEqualTo("2");
  }

  @Test
  void blankLinesAreNoRecords() {
    assertThat(texts("\na,b\n\n1,2\n\n", CSV)).containsExactly("1,2");
  }

  @Test
  void aQuoteThatNeverEndsIsAnErrorWithItsFile() {
    assertThatThrownBy(() -> texts("a,b\n1,\"2\n3,4\n", CSV))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith("standard input: ")
        .hasMessageContaining("line 2");
  }

  @Test
  void aFieldThatIsTooLongIsAnError() {
    assertThatThrownBy(() -> texts("a\n" + "x".repeat(1 << 20), CSV.longest(1 << 16)))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith("standard input: ");
  }

  @Test
  void aFileWithOnlyAHeaderHasNoRows() {
    assertThat(texts("a,b\n", CSV)).isEmpty();
    assertThat(texts("", CSV)).isEmpty();
  }

  @Test
  void theByteOrderMarkIsNoPartOfTheFirstColumn() {
    assertThat(rows("\uFEFFa,b\n1,2\n", CSV).getFirst().columns()).containsExactly("a", "b");
  }

  @Test
  void everyFileHasItsOwnHeader() throws IOException {
    Path first = Files.writeString(folder.resolve("1.csv"), "a,b\n1,2\n");
    Path second = Files.writeString(folder.resolve("2.csv"), "b,a\n3,4\n");

    try (Inputs inputs = inputs(Reading.standard(), first, second)) {
      List<Row> rows = all(inputs);

      assertThat(rows).extracting(row -> row.col("a")).containsExactly("1", "4");
      assertThat(rows).extracting(Row::number).containsExactly(1L, 2L);
      assertThat(rows).extracting(Row::place).containsExactly(first + ":2", second + ":2");
    }
  }

  @Test
  void aCsvRecordIsAnObjectInJson() {
    Row row = rows("a,b\n1,\"x\"\"y\"\n", CSV).getFirst();

    assertThat(row.toJson()).isEqualTo("{\"a\":\"1\",\"b\":\"x\\\"y\"}");
    assertThat(row.json().get("b").asString()).isEqualTo("x\"y");
  }

  // jsonl

  @Test
  void jsonLinesAreReadAndBlankOnesSkipped() {
    List<Row> rows = rows("{\"a\":1}\n\n  \r\n[2]\n", JSONL);

    assertThat(rows).extracting(row -> row.json().toString()).containsExactly("{\"a\":1}", "[2]");
    assertThat(rows).extracting(Row::place).containsExactly("standard input:1", "standard input:4");
  }

  @Test
  void malformedJsonFailsAloneAndSaysWhere() {
    List<Row> rows = rows("{\"a\":1}\n{\"a\":}\n{\"a\":3}\n", JSONL);

    assertThat(rows).hasSize(3);
    assertThat(rows.get(1).text()).isEqualTo("{\"a\":}");
    assertThatThrownBy(() -> rows.get(1).json())
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith("standard input:2:6: not JSON: Unexpected character ('}'")
        .hasMessageNotContaining("Source");
    assertThatThrownBy(() -> rows.get(1).toJson()).isInstanceOf(BadInput.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[1", "1 2", "{\"a\":1} x", "nope", "\"a"})
  void whatIsNotOneJsonValueIsMalformed(String line) {
    assertThatThrownBy(() -> rows(line, JSONL).getFirst().json())
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith("standard input:1:")
        .hasMessageNotContaining("REDACTED");
  }

  @Test
  void propertiesAreColumns() {
    Row row = rows("{\"id\":7,\"name\":\"x\",\"gone\":null,\"more\":[1]}", JSONL).getFirst();

    assertThat(row.columns()).containsExactly("id", "name", "gone", "more");
    assertThat(row.cells()).containsExactly("7", "x", "", "[1]");
    assertThat(row.col("name")).isEqualTo("x");
    assertThat(row.col(1)).isEqualTo("7");
    assertThatThrownBy(() -> row.col("nam"))
        .hasMessage("no property \"nam\" at standard input:1: it has id, name, gone, more");
  }

  @Test
  void aJsonLineIsPassedOnAsItIs() {
    assertThat(rows(" {\"a\": 1.10} ", JSONL).getFirst().toJson()).isEqualTo("{\"a\": 1.10}");
  }

  // files

  @ParameterizedTest
  @EnumSource(Compression.class)
  void packedFilesAreReadWhateverTheirName(Compression compression) throws IOException {
    Path file = Files.write(folder.resolve("packed"), packed(compression, "a\nb\n"));

    assertThat(texts(file, LINES)).containsExactly("a", "b");
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void packedStandardInputIsReadAsWell(Compression compression) throws IOException {
    assertThat(texts(packed(compression, "a\nb\n"), LINES)).containsExactly("a", "b");
    assertThat(texts(packed(compression, ""), LINES)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void packedFilesPutTogetherAreReadToTheEnd(Compression compression) throws IOException {
    byte[] first = packed(compression, "a\nb\n");
    byte[] second = packed(compression, "c\n".repeat(100_000));
    byte[] both = new byte[first.length + second.length];
    System.arraycopy(first, 0, both, 0, first.length);
    System.arraycopy(second, 0, both, first.length, second.length);

    assertThat(texts(both, LINES)).hasSize(100_002).startsWith("a", "b", "c");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GZIP", "ZSTD"})
  void aPackedFileThatWasCutIsAnErrorWithItsName(Compression compression) throws IOException {
    byte[] whole = packed(compression, "0123456789\n".repeat(1000));
    Path file =
        Files.write(folder.resolve("cut.txt"), java.util.Arrays.copyOf(whole, whole.length - 12));

    assertThatThrownBy(() -> texts(file, LINES))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith("Cannot read " + file);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GZIP", "ZSTD"})
  void aPackedFileThatIsBrokenAnywhereIsAnError(Compression compression) throws IOException {
    byte[] good = packed(compression, "0123456789\nabc\n".repeat(50));

    for (int at = 4; at < good.length; at++) {
      byte[] broken = good.clone();
      broken[at] ^= 0x55;
      try {
        texts(broken, LINES);
      } catch (RuntimeException e) {
        assertThat(e).isInstanceOf(BadInput.class);
      }
    }
  }

  @Test
  void theExtensionSaysTheFormat() {
    assertThat(Format.of("a/b.csv")).isEqualTo(Format.CSV);
    assertThat(Format.of("b.TSV.gz")).isEqualTo(Format.TSV);
    assertThat(Format.of("b.ndjson.zstd")).isEqualTo(Format.JSONL);
    assertThat(Format.of("b.jsonl.zst")).isEqualTo(Format.JSONL);
    assertThat(Format.of("csv")).isEqualTo(Format.LINES);
    assertThat(Format.of("b.log")).isEqualTo(Format.LINES);
  }

  @Test
  void whatCannotBeReadIsRefusedAtTheDoor() throws IOException {
    Path good = Files.writeString(folder.resolve("good.txt"), "a");

    assertRefused("No such file: missing.txt", good.toString(), "missing.txt");
    assertRefused(
        folder + " is a directory: name the files in it", good.toString(), folder.toString());
    assertRefused("Standard input (-) is given twice", "-", "-");
    assertRefused("No such file: a\0b", "a\0b");
  }

  @Test
  void formatsAreNotMixed() throws IOException {
    Path csv = Files.writeString(folder.resolve("a.csv"), "a\n1");
    Path jsonl = Files.writeString(folder.resolve("b.jsonl"), "1");

    assertRefused(csv + " is csv, but " + jsonl + " is jsonl", csv.toString(), jsonl.toString());
    try (Inputs inputs = inputs(LINES, csv, jsonl)) {
      assertThat(all(inputs)).extracting(Row::text).containsExactly("a", "1", "1");
    }
  }

  @Test
  void standardInputGoesAlongWithTheFilesFormat() throws IOException {
    Path csv = Files.writeString(folder.resolve("a.csv"), "a\n1");
    InputStream in = new ByteArrayInputStream("a\n2".getBytes(UTF_8));

    try (Inputs inputs = Inputs.of(List.of(csv.toString(), "-"), in, Reading.standard())) {
      assertThat(all(inputs)).extracting(row -> row.col("a")).containsExactly("1", "2");
      assertThat(inputs.size()).isEmpty();
      assertThat(inputs.files()).containsExactly(csv);
    }
  }

  @Test
  void progressIsKnownInBytes() throws IOException {
    Path file = Files.write(folder.resolve("a.txt.gz"), packed(Compression.GZIP, "a\nb\n"));

    try (Inputs inputs = inputs(Reading.standard(), file)) {
      assertThat(inputs.size()).hasValue(Files.size(file));
      assertThat(inputs.bytesRead()).isZero();
      assertThat(all(inputs)).hasSize(2);
      assertThat(inputs.bytesRead()).isEqualTo(Files.size(file));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"txt", "csv"})
  void whatWasReadBeforeCountsWhenReadingGoesOn(String format) throws IOException {
    Path first = Files.writeString(folder.resolve("a." + format), "n\n1\n2\n");
    Path second = Files.writeString(folder.resolve("b." + format), "n\n3\n4\n5\n");
    List<String> names = List.of(first.toString(), second.toString());
    Bookmark place;
    try (Inputs inputs = inputs(Reading.standard(), first, second)) {
      for (Row row = inputs.next(); !row.text().equals("3"); row = inputs.next()) {
        assertThat(inputs.hasNext()).isTrue();
      }
      place = inputs.bookmark();
    }

    try (Inputs rest = Inputs.of(names, InputStream.nullInputStream(), Reading.standard(), place)) {
      assertThat(all(rest)).hasSize(2);
      assertThat(rest.bytesRead()).isEqualTo(rest.size().orElseThrow());
    }
  }

  @Test
  void aFileThatGoesAwayBeforeItsTurnIsAnErrorThen() throws IOException {
    Path first = Files.writeString(folder.resolve("1.txt"), "a\n");
    Path second = Files.writeString(folder.resolve("2.txt"), "b\n");

    try (Inputs inputs = inputs(Reading.standard(), first, second)) {
      Files.delete(second);
      assertThat(inputs.next().text()).isEqualTo("a");
      assertThatThrownBy(inputs::hasNext)
          .isInstanceOf(BadInput.class)
          .hasMessageStartingWith("Cannot read " + second);
      assertThat(inputs.hasNext()).isFalse();
    }
  }

  @Test
  void nothingComesAfterClose() throws IOException {
    Inputs inputs =
        inputs(Reading.standard(), Files.writeString(folder.resolve("1.txt"), "a\nb\n"));
    inputs.next();

    inputs.close();

    assertThat(inputs.hasNext()).isFalse();
    assertThatThrownBy(inputs::next).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void rowsTravel() throws Exception {
    List<Row> rows = new ArrayList<>(rows("a\n", LINES));
    rows.addAll(rows("a,b\n1\n", CSV));
    rows.addAll(rows("{}", JSONL));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(rows);
    }

    Object read;
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      read = in.readObject();
    }

    assertThat((List<?>) read)
        .extracting(row -> ((Row) row).text())
        .containsExactly("a", "1,", "{}");
    assertThat(((Row) ((List<?>) read).get(1)).col("b")).isEmpty();
  }

  private void assertRefused(String message, String... names) {
    assertThatThrownBy(
            () -> Inputs.of(List.of(names), InputStream.nullInputStream(), Reading.standard()))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith(message);
  }

  private static byte[] packed(Compression compression, String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = compression.packing(bytes)) {
      out.write(text.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }

  private static List<String> texts(Path file, Reading reading) {
    try (Inputs inputs = inputs(reading, file)) {
      return all(inputs).stream().map(Row::text).toList();
    }
  }

  private static List<String> texts(String content, Reading reading) {
    return texts(content.getBytes(UTF_8), reading);
  }

  private static List<String> texts(byte[] content, Reading reading) {
    return rows(content, reading).stream().map(Row::text).toList();
  }

  private static List<Row> rows(String content, Reading reading) {
    return rows(content.getBytes(UTF_8), reading);
  }

  private static List<Row> rows(byte[] content, Reading reading) {
    try (Inputs inputs = Inputs.of(List.of(), new ByteArrayInputStream(content), reading)) {
      return all(inputs);
    }
  }

  private static Inputs inputs(Reading reading, Path... files) {
    List<String> names = java.util.Arrays.stream(files).map(Path::toString).toList();
    return Inputs.of(names, InputStream.nullInputStream(), reading);
  }

  private static List<Row> all(Inputs inputs) {
    List<Row> rows = new ArrayList<>();
    inputs.forEachRemaining(rows::add);
    return rows;
  }
}

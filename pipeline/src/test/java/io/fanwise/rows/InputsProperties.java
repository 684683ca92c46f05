package io.fanwise.rows;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

class InputsProperties {

  @Property(tries = 300)
  void linesComeBackHoweverTheBytesArrive(@ForAll("lines") List<String> lines, @ForAll long seed) {
    String text = lines.stream().map(line -> line + "\n").collect(Collectors.joining());

    assertThat(read(text, Format.LINES, Header.PRESENT, seed))
        .extracting(Row::text)
        .containsExactlyElementsOf(lines);
  }

  @Property(tries = 300)
  void whatIsWrittenAsCsvIsReadAsItWas(
      @ForAll("tables") List<List<String>> table,
      @ForAll("tabular") Format format,
      @ForAll long seed) {
    String text =
        table.stream().map(cells -> Csv.record(format, cells) + "\n").collect(Collectors.joining());

    List<Row> rows = read(text, format, Header.ABSENT, seed);

    assertThat(rows).extracting(Row::cells).containsExactlyElementsOf(table);
    assertThat(rows.stream().map(row -> row.text() + "\n").collect(Collectors.joining()))
        .isEqualTo(text);
  }

  @Property(tries = 300)
  void namesAreNeverTwice(
      @ForAll @Size(max = 12)
          List<
                  @net.jqwik.api.constraints.StringLength(max = 1)
                  @net.jqwik.api.constraints.CharRange(from = '1', to = '3') String>
              names) {
    assertThat(Columns.unique(names))
        .doesNotHaveDuplicates()
        .hasSameSizeAs(names)
        .doesNotContain("");
  }

  @Provide
  Arbitrary<List<String>> lines() {
    Arbitrary<String> line =
        Arbitraries.oneOf(
                Arbitraries.strings().all().excludeChars('\n', '\r', '\uFEFF').ofMaxLength(40),
                Arbitraries.strings().ascii().excludeChars('\n', '\r').ofMaxLength(400))
            .filter(text -> text.equals(new String(text.getBytes(UTF_8), UTF_8)));
    return line.list().ofMaxSize(60);
  }

  @Provide
  Arbitrary<List<List<String>>> tables() {
    Arbitrary<String> cell =
        Arbitraries.strings()
            .withChars("ab ,;\t\"\n\ré😀")
            .ofMaxLength(8)
            .filter(InputsProperties::whole);
    return Arbitraries.integers()
        .between(1, 4)
        .flatMap(width -> cell.list().ofSize(width).list().ofMaxSize(20));
  }

  @Provide
  Arbitrary<Format> tabular() {
    return Arbitraries.of(Format.CSV, Format.TSV);
  }

  private static boolean whole(String text) {
    return text.equals(new String(text.getBytes(UTF_8), UTF_8));
  }

  private static List<Row> read(String text, Format format, Header header, long seed) {
    Reading reading = Reading.standard().format(format).header(header);
    List<Row> rows = new ArrayList<>();
    try (Inputs inputs = Inputs.of(List.of(), new Trickle(text.getBytes(UTF_8), seed), reading)) {
      inputs.forEachRemaining(rows::add);
    }
    return rows;
  }

  /// Bytes that come a few at a time.
  private static final class Trickle extends ByteArrayInputStream {

    private final Random random;

    Trickle(byte[] bytes, long seed) {
      super(bytes);
      this.random = new Random(seed);
    }

    @Override
    public synchronized int read(byte[] target, int from, int length) {
      return super.read(target, from, Math.min(length, 1 + random.nextInt(20)));
    }
  }
}

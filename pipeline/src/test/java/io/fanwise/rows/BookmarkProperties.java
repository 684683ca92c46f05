package io.fanwise.rows;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/// From any bookmark, reading goes on as if it had never stopped.
class BookmarkProperties {

  private static Path folder = Path.of("");

  @BeforeContainer
  static void makeFolder() throws IOException {
    folder = Files.createTempDirectory("bookmarks");
  }

  @AfterContainer
  static void deleteFolder() throws IOException {
    Files.deleteIfExists(folder.resolve("input"));
    Files.deleteIfExists(folder);
  }

  @Property(tries = 600)
  void whateverTheTextIsTheRestIsTheSameFromAnyBookmark(
      @ForAll("texts") String text,
      @ForAll("formats") Format format,
      @ForAll Header header,
      @ForAll Compression compression)
      throws IOException {
    Path file = write(text, compression);
    Reading reading = Reading.standard().format(format).header(header);
    List<Bookmark> bookmarks = new ArrayList<>();

    List<String> whole = read(file, reading, Bookmark.START, bookmarks);

    for (int i = 0; i < bookmarks.size(); i++) {
      List<String> rest = read(file, reading, bookmarks.get(i), new ArrayList<>());
      assertThat(rest).isEqualTo(whole.subList(i + 1, whole.size()));
    }
  }

  @Property(tries = 100)
  void recordsLongerThanBuffersAreFoundByTheirBytes(
      @ForAll("tables") List<List<String>> table, @ForAll Compression compression)
      throws IOException {
    StringBuilder text = new StringBuilder("\uFEFF\"a,\r\nb\",c\r\n");
    table.forEach(cells -> text.append(Csv.record(Format.CSV, cells)).append("\r\n"));
    Path file = write(text.toString(), compression);
    Reading reading = Reading.standard().format(Format.CSV);
    List<Bookmark> bookmarks = new ArrayList<>();

    List<String> whole = read(file, reading, Bookmark.START, bookmarks);

    for (int i = 0; i < bookmarks.size(); i++) {
      assertThat(bookmarks.get(i).offset()).isPositive();
      assertThat(read(file, reading, bookmarks.get(i), new ArrayList<>()))
          .isEqualTo(whole.subList(i + 1, whole.size()));
    }
  }

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> part =
        Arbitraries.of(
            "\"", "\"", "\"\"", ",", "\t", "\n", "\r", "\r\n", "a", "bc", "é", "\uFEFF", "\u0000");
    return part.list().ofMaxSize(40).map(parts -> String.join("", parts));
  }

  @Provide
  Arbitrary<Format> formats() {
    return Arbitraries.of(Format.CSV, Format.TSV, Format.LINES, Format.JSONL);
  }

  @Provide
  Arbitrary<List<List<String>>> tables() {
    Arbitrary<String> brief = Arbitraries.strings().withChars("ab,\"\n\ré😀").ofMaxLength(8);
    Arbitrary<String> cell =
        Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(20, brief.filter(BookmarkProperties::whole)),
            net.jqwik.api.Tuple.of(
                1, Arbitraries.of("x".repeat(70_000), "\n\",".repeat(30_000), "\r\n".repeat(9))));
    return cell.list().ofSize(2).list().ofMaxSize(30);
  }

  private static boolean whole(String text) {
    return text.equals(new String(text.getBytes(UTF_8), UTF_8));
  }

  private static Path write(String text, Compression compression) throws IOException {
    Path file = folder.resolve("input");
    try (OutputStream out = compression.packing(Files.newOutputStream(file))) {
      out.write(text.getBytes(UTF_8));
    }
    return file;
  }

  /// The rows, and at the end why there are no more.
  private static List<String> read(
      Path file, Reading reading, Bookmark from, List<Bookmark> bookmarks) {
    List<String> rows = new ArrayList<>();
    InputStream nothing = InputStream.nullInputStream();
    try (Inputs inputs = Inputs.of(List.of(file.toString()), nothing, reading, from)) {
      while (inputs.hasNext()) {
        Row row = inputs.next();
        rows.add(
            row.number()
                + " "
                + row.place()
                + " "
                + (row instanceof JsonRow ? "" : row.columns())
                + row.text());
        bookmarks.add(inputs.bookmark());
      }
      rows.add("the end");
    } catch (BadInput e) {
      rows.add("" + e.getMessage());
    }
    return rows;
  }
}

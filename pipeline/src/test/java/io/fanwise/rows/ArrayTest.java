package io.fanwise.rows;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArrayTest {
  private static final int LONGEST = 1 << 20;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Compression.class)
  void elementsAreReadOneByOne(Compression compression) throws IOException {
    Path file =
        write("[1, \"a\\nb\",\n {\"x\": [\n1,\r\n2]},null ,\n[] ,\n-1.50e3]\n", compression);

    List<Row> rows = rows(Bookmark.START, file);

    assertThat(rows)
        .extracting(Row::text)
        .containsExactly("1", "\"a\\nb\"", "{\"x\": [ 1,  2]}", "null", "[]", "-1.50e3");
    assertThat(rows.get(2).json().get("x").get(1).asInt()).isEqualTo(2);
    assertThat(rows)
        .extracting(Row::place)
        .containsExactly(
            file + ":1", file + ":1", file + ":2", file + ":4", file + ":5", file + ":6");
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void fromAnyBookmarkTheRestIsTheSame(Compression compression) throws IOException {
    StringBuilder text = new StringBuilder("\uFEFF  [");
    for (int i = 0; i < 50; i++) {
      String gap = i % 3 == 0 ? "\n" : " ";
      text.append(i == 0 ? "" : gap + ",\n")
          .append(i % 7 == 0 ? i : "{\"é\":\"" + "ü, ]\\\"".repeat(i * i) + "\"}");
    }
    Path first = write(text.append("\n]").toString(), compression);
    Path second = Files.writeString(folder.resolve("second"), "[ ]");
    Path third = Files.writeString(folder.resolve("third"), "[true]");
    List<Bookmark> bookmarks = new ArrayList<>();

    List<Row> whole = rows(Bookmark.START, bookmarks, first, second, third);

    assertThat(whole).hasSize(51);
    assertThat(bookmarks).allSatisfy(bookmark -> assertThat(bookmark.offset()).isPositive());
    for (int i = 0; i < bookmarks.size(); i++) {
      assertThat(rows(bookmarks.get(i), first, second, third))
          .isEqualTo(whole.subList(i + 1, whole.size()));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{\"a\":1}",
        "1",
        "[1",
        "[1 2]",
        "[1,]",
        "[1]]",
        "[1] 2",
        "[{]",
        "[\"a",
        "nope"
      })
  void whatIsNotOneArrayIsAnErrorWithItsFile(String text) throws IOException {
    Path file = write(text, Compression.NONE);

    assertThatThrownBy(() -> rows(Bookmark.START, file))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith(file.toString());
  }

  @Test
  void anElementThatIsTooDeepIsAnErrorWithItsLine() throws IOException {
    Path file = write("[1,\n" + "[".repeat(100_000) + "]".repeat(100_000) + "]", Compression.NONE);

    assertThatThrownBy(() -> rows(Bookmark.START, file))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith(file + ":2: ")
        .hasMessageContaining("the end of this element cannot be found")
        .hasMessageContaining("500");
  }

  @Test
  void anElementThatIsTooLongIsAnErrorAndNotAnEmptyMemory() throws IOException {
    Path file = write("[1,\n\"" + "x".repeat(LONGEST) + "\"]", Compression.GZIP);

    assertThatThrownBy(() -> rows(Bookmark.START, file))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith(file + ":2: an element longer than 1048576 bytes");
  }

  @Test
  void otherEncodingsAreRefused() throws IOException {
    Path file = Files.write(folder.resolve("wide"), "[1]".getBytes(UTF_16));

    assertThatThrownBy(() -> rows(Bookmark.START, file))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("not UTF-8");
  }

  @Test
  void bytesThatAreNotUtf8AreAnError() throws IOException {
    Path file = Files.write(folder.resolve("wrong"), new byte[] {'[', '"', (byte) 0xFF, '"', ']'});

    assertThatThrownBy(() -> rows(Bookmark.START, file))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("UTF-8");
  }

  private Path write(String text, Compression compression) throws IOException {
    Path file = folder.resolve("array");
    try (OutputStream out = compression.packing(Files.newOutputStream(file))) {
      out.write(text.getBytes(UTF_8));
    }
    return file;
  }

  private static List<Row> rows(Bookmark from, Path... files) {
    return rows(from, new ArrayList<>(), files);
  }

  private static List<Row> rows(Bookmark from, List<Bookmark> bookmarks, Path... files) {
    List<String> names = java.util.Arrays.stream(files).map(Path::toString).toList();
    List<Row> rows = new ArrayList<>();
    try (Inputs inputs = Inputs.elements(names, InputStream.nullInputStream(), LONGEST, from)) {
      while (inputs.hasNext()) {
        rows.add(inputs.next());
        bookmarks.add(inputs.bookmark());
      }
    }
    return rows;
  }
}

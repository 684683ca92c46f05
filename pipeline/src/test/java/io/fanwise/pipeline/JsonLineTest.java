package io.fanwise.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.pipeline.JsonLine.Form;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JsonLineTest {
  private final JsonLine lines = new JsonLine(Form.BESIDE_OTHERS);

  record Friend(String name) {}

  record Broken(String name) {
    @Override
    public String name() {
      throw new IllegalStateException("nobody knows");
    }
  }

  @Test
  void aLineSaysTheIndexTheKeyIfThereIsOneAndTheResult() throws IOException {
    Object plain = lines.encode(Long.MAX_VALUE, new Friend("Ida"));
    Object keyed = lines.encode(0, "\"i\"".getBytes(UTF_8), List.of(1, "ü"));

    assertThat(text(plain))
        .isEqualTo("{\"index\":9223372036854775807,\"result\":{\"name\":\"Ida\"}}\n");
    assertThat(text(keyed)).isEqualTo("{\"index\":0,\"key\":\"i\",\"result\":[1,\"ü\"]}\n");
  }

  @Test
  void linesOfOneThreadLieSideBySideAndAreWrittenAsOne() throws IOException {
    List<Piece> pieces = new ArrayList<>();
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 5_000; i++) {
      Piece line = (Piece) lines.encode(i, "n" + i);
      all.append(text(line));
      if (pieces.isEmpty() || !pieces.getLast().join(line)) {
        pieces.add(line);
      }
    }

    assertThat(pieces).hasSizeBetween(2, 50);
    assertThat(pieces.stream().map(JsonLineTest::text).collect(joining()))
        .isEqualTo(all.toString());
    assertThat(pieces.getLast().join(pieces.getFirst())).isFalse();
  }

  @Test
  void linesOfAnyLengthAreWhole() throws IOException {
    List<Object> encoded = new ArrayList<>();
    List<Integer> lengths = List.of(0, 10_000, 40_000, 3, 32_768, 1_000_000, 7, 32_700, 60, 9);
    for (int length : lengths) {
      encoded.add(lines.encode(length, "x".repeat(length)));
    }

    for (int i = 0; i < encoded.size(); i++) {
      int length = lengths.get(i);
      assertThat(text(encoded.get(i)))
          .isEqualTo("{\"index\":%d,\"result\":\"%s\"}\n".formatted(length, "x".repeat(length)));
    }
  }

  @Test
  void aResultThatCannotBeWrittenLeavesNoTraceInOthers() throws IOException {
    Object before = lines.encode(1, "before");

    assertThatThrownBy(() -> lines.encode(2, List.of("begun", new Broken("x"))))
        .hasMessageContaining("nobody knows");
    Object after = lines.encode(3, "after");

    assertThat(text(before) + text(after))
        .isEqualTo("{\"index\":1,\"result\":\"before\"}\n{\"index\":3,\"result\":\"after\"}\n");
  }

  @Test
  void manyThreadsDoNotGetIntoEachOthersLines() {
    List<String> all =
        IntStream.range(0, 20_000).parallel().mapToObj(i -> text(encoded(i))).toList();

    for (int i = 0; i < all.size(); i++) {
      assertThat(all.get(i)).isEqualTo("{\"index\":%d,\"result\":\"n%d\"}\n".formatted(i, i));
    }
  }

  @Test
  void anEncoderThatHasTravelledMakesArraysWhichTravelBack() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(lines);
    }

    Object there;
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      there = in.readObject();
    }

    assertThat(((JsonLine) there).encode(5, true)).isInstanceOf(byte[].class);
    assertThat(text(((JsonLine) there).encode(5, true)))
        .isEqualTo("{\"index\":5,\"result\":true}\n");
  }

  private Object encoded(int i) {
    try {
      return lines.encode(i, "n" + i);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Object encoded) {
    return encoded instanceof Piece piece
        ? new String(piece.block(), piece.from(), piece.length(), UTF_8)
        : new String((byte[]) encoded, UTF_8);
  }
}

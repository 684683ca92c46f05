package io.fanwise.rows;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;

class JsonBytesTest {

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @Test
  void whatIsOnOneLineStaysAsItIs() {
    byte[] json = bytes("{ \"n\" : 1.10 , \"big\":12345678901234567890.123456789 }");

    assertThat(Json.oneLine(json)).isSameAs(json);
  }

  @Test
  void whatIsOnSeveralLinesKeepsItsNumbersAndItsOrder() {
    byte[] json =
        bytes("{\n\t\"b\": 1.10,\r\n \"a\": [12345678901234567890.123456789, \"x\\ny\"]\n}\n");

    assertThat(new String(Json.oneLine(json), UTF_8))
        .isEqualTo("{\"b\":1.10,\"a\":[12345678901234567890.123456789,\"x\\ny\"]}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "{", "{\"a\":1} {\"b\":2}", "1 2", "<html>", "{\"a\":}", "nul"})
  void whatIsNotOneValueIsRefused(String text) {
    assertThatThrownBy(() -> Json.oneLine(bytes(text))).isInstanceOf(JacksonException.class);
  }

  @Test
  void brokenTextAndBottomlessDepthAreRefused() {
    assertThatThrownBy(() -> Json.oneLine(new byte[] {'"', (byte) 0xFF, '"'}))
        .isInstanceOf(JacksonException.class);
    assertThatThrownBy(() -> Json.oneLine(bytes("[".repeat(100_000))))
        .isInstanceOf(JacksonException.class);
  }

  @Test
  void itIsWrittenAsItIs() {
    JsonBytes value = () -> bytes("{\"n\": 1.10}");

    assertThat(Json.text(value)).isEqualTo("{\"n\": 1.10}");
    assertThat(Json.bytes(value)).isEqualTo(bytes("{\"n\": 1.10}"));
    assertThat(Json.tree(value).get("n").doubleValue()).isEqualTo(1.1);
    assertThat(Json.text(Map.of("a", 1))).isEqualTo("{\"a\":1}");
  }
}

package io.fanwise.pipeline;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.fanwise.rows.Json;

/// `{"index":17,"result":…}` and a line end.
record JsonLine() implements Sink.Encoder<Object> {
  private static final byte[] BEFORE = "{\"index\":".getBytes(ISO_8859_1);
  private static final byte[] BETWEEN = ",\"result\":".getBytes(ISO_8859_1);
  private static final byte[] AFTER = "}\n".getBytes(ISO_8859_1);

  @Override
  public byte[] encode(long position, Object result) {
    byte[] number = Long.toString(position).getBytes(ISO_8859_1);
    byte[] json = Json.bytes(result);
    byte[] line =
        new byte[BEFORE.length + number.length + BETWEEN.length + json.length + AFTER.length];
    int at = put(line, 0, BEFORE);
    at = put(line, at, number);
    at = put(line, at, BETWEEN);
    at = put(line, at, json);
    put(line, at, AFTER);
    return line;
  }

  private static int put(byte[] line, int at, byte[] part) {
    System.arraycopy(part, 0, line, at, part.length);
    return at + part.length;
  }
}

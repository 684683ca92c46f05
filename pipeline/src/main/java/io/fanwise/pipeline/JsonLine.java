package io.fanwise.pipeline;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.util.Optional;

/// `{"index":17,"result":…}` and a line end; with a key, `{"index":17,"key":…,"result":…}`.
///
/// @param form what the line is handed on as
record JsonLine(Form form) implements Sink.Encoder<Object> {
  private static final byte[] BEFORE = "{\"index\":".getBytes(ISO_8859_1);
  private static final byte[] BEFORE_KEY = ",\"key\":".getBytes(ISO_8859_1);
  private static final byte[] BETWEEN = ",\"result\":".getBytes(ISO_8859_1);
  private static final byte[] AFTER = "}\n".getBytes(ISO_8859_1);

  /// What a line is handed on as.
  enum Form {
    /// A [Piece], which several lines can be written as one.
    BESIDE_OTHERS,
    /// An array of bytes.
    ALONE
  }

  /// The same encoder, which hands each record on alone: several files are cut between records.
  @SuppressWarnings("unchecked") // it encodes any object
  static <R> Sink.Encoder<R> alone(Sink.Encoder<R> encoder) {
    return (Object) encoder instanceof JsonLine
        ? (Sink.Encoder<R>) new JsonLine(Form.ALONE)
        : encoder;
  }

  @Override
  public Object encode(long position, Object result) throws IOException {
    return line(position, Optional.empty(), result);
  }

  @Override
  public Object encode(long position, byte[] key, Object result) throws IOException {
    return line(position, Optional.of(key), result);
  }

  private Object line(long position, Optional<byte[]> key, Object result) throws IOException {
    Press press = Press.take();
    press.write(BEFORE);
    press.number(position);
    if (key.isPresent()) {
      press.write(BEFORE_KEY);
      press.write(key.get());
    }
    press.write(BETWEEN);
    press.json(result);
    press.write(AFTER);
    return form == Form.ALONE ? press.endAlone() : press.end();
  }

  /// What travels to another JVM sends each line back by itself.
  private Object writeReplace() {
    return new JsonLine(Form.ALONE);
  }
}

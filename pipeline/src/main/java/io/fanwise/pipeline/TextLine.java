package io.fanwise.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanwise.rows.Json;

/// A result as text, and a line end. Text that has a line end in it would be two records: that
/// input fails.
record TextLine() implements Sink.Encoder<Object> {

  @Override
  public byte[] encode(long position, Object result) {
    String text = result instanceof CharSequence chars ? chars.toString() : Json.text(result);
    if (text.indexOf('\n') >= 0) {
      throw new IllegalArgumentException(
          "the result has %d lines, but is to be written as one: write JSON Lines instead"
              .formatted(text.lines().count()));
    }
    return (text + "\n").getBytes(UTF_8);
  }
}

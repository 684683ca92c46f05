package io.fanwise.codec;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/// Encoder and decoder with nothing but bytes between them.
final class Wire {
  private final int capacity;
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private final Encoder encoder;
  private final Output out;
  private final Passage passage;

  Wire(int capacity, Passage passage) {
    this.capacity = capacity;
    this.passage = passage;
    this.out = new Output(ByteBuffer.allocateDirect(capacity), this::send);
    this.encoder = new Encoder(out, passage);
  }

  Wire() {
    this(1 << 16, here());
  }

  static Passage here() {
    return Passage.within(Wire.class.getClassLoader());
  }

  private void send(ByteBuffer full) {
    byte[] bytes = new byte[full.remaining()];
    full.get(bytes);
    sent.writeBytes(bytes);
  }

  Encoder encoder() {
    return encoder;
  }

  byte[] bytes() throws IOException {
    out.flush();
    return sent.toByteArray();
  }

  Decoder decoder() throws IOException {
    return decoder(bytes(), passage);
  }

  Decoder decoder(byte[] bytes, Passage there) {
    return new Decoder(input(bytes, capacity), there);
  }

  static Input input(byte[] bytes, int capacity) {
    ByteBuffer source = ByteBuffer.wrap(bytes);
    return new Input(
        ByteBuffer.allocateDirect(capacity).limit(0),
        empty -> {
          if (!source.hasRemaining()) {
            throw new EOFException("no more");
          }
          while (source.hasRemaining() && empty.hasRemaining()) {
            empty.put(source.get());
          }
        });
  }

  /// There and back, in a frame of its own.
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  static <T> T travelled(Object value) {
    try {
      Wire wire = new Wire();
      wire.encoder().value(value);
      return (T) wire.decoder().value();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

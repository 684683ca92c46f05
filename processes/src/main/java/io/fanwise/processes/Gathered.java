package io.fanwise.processes;

import io.fanwise.codec.Drain;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/// What is written to an output, in one piece. Confined to whoever writes.
final class Gathered implements Drain {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  @Override
  public void drain(ByteBuffer full) {
    bytes.write(full.array(), full.arrayOffset() + full.position(), full.remaining());
    full.position(full.limit());
  }

  byte[] all() {
    return bytes.toByteArray();
  }
}

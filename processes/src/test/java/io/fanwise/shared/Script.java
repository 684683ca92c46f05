package io.fanwise.shared;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;

/// A connection over which exactly this comes, a few bytes at a time.
final class Script implements ByteChannel {
  private final ByteBuffer bytes;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private volatile boolean open = true;

  Script(byte[] bytes) {
    this.bytes = ByteBuffer.wrap(bytes);
  }

  @Override
  public int read(ByteBuffer into) {
    if (!bytes.hasRemaining()) {
      return -1;
    }
    int count = Math.min(7, Math.min(bytes.remaining(), into.remaining()));
    into.put(bytes.slice(bytes.position(), count));
    bytes.position(bytes.position() + count);
    return count;
  }

  @Override
  public synchronized int write(ByteBuffer from) throws ClosedChannelException {
    if (!open) {
      throw new ClosedChannelException();
    }
    int count = from.remaining();
    while (from.hasRemaining()) {
      written.write(from.get());
    }
    return count;
  }

  synchronized byte[] written() {
    return written.toByteArray();
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() {
    open = false;
  }
}

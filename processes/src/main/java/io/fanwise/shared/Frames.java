package io.fanwise.shared;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The two directions of a connection as frames: a length, big-endian in four bytes, and as many
/// bytes.
///
/// Confined to one thread that reads; safe for use by many threads that write.
final class Frames implements Closeable {

  /// The longest there is: a value near a gigabyte, which as an array still has room to be copied.
  static final int LONGEST = 1 << 30;

  // most frames are below 100 bytes; long ones take several rounds, 16 KB is a tenth of a socket
  // buffer
  private static final int BUFFER = 16 * 1_024;

  private final ByteChannel channel;
  private final ReentrantLock writing = new ReentrantLock();
  private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER).flip();
  private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER);

  Frames(ByteChannel channel) {
    this.channel = channel;
  }

  /// The next frame.
  ///
  /// @return what is in it, or null if the connection ended between two frames
  @Nullable ByteBuffer read() throws IOException {
    byte[] bytes = bytes();
    return bytes == null ? null : ByteBuffer.wrap(bytes);
  }

  /// The next frame, to be written somewhere else as it is.
  ///
  /// @return what is in it, or null if the connection ended between two frames
  byte @Nullable [] bytes() throws IOException {
    while (in.remaining() < Integer.BYTES) {
      if (!fill()) {
        if (in.hasRemaining()) {
          throw new EOFException("the connection ended within the length of a frame");
        }
        return null;
      }
    }
    int length = in.getInt();
    if (length < 1 || length > LONGEST) {
      throw new ProtocolException(
          "malformed frame: its length must be from 1 to " + LONGEST + ", was " + length);
    }
    // what a length claims takes no memory before the bytes are there
    byte[] bytes = new byte[Math.min(length, BUFFER)];
    int have = 0;
    while (have < length) {
      if (!in.hasRemaining() && !fill()) {
        throw new EOFException(
            "the connection ended after " + have + " of " + length + " bytes of a frame");
      }
      int more = Math.min(in.remaining(), length - have);
      if (have + more > bytes.length) {
        bytes = Arrays.copyOf(bytes, (int) Math.min(length, Math.max(have + more, 2L * have)));
      }
      in.get(bytes, have, more);
      have += more;
    }
    return bytes;
  }

  private boolean fill() throws IOException {
    in.compact();
    try {
      return channel.read(in) > 0;
    } finally {
      in.flip();
    }
  }

  void write(byte[] bytes) throws IOException {
    // the other side may have read the end of a frame, and be answered, before its writer is back
    // here
    writing.lock();
    try {
      put(bytes);
    } finally {
      writing.unlock();
    }
  }

  private void put(byte[] bytes) throws IOException {
    if (bytes.length > LONGEST) {
      throw new ProtocolException(
          "a frame can have " + LONGEST + " bytes, this one has " + bytes.length);
    }
    out.clear().putInt(bytes.length);
    int sent = 0;
    do {
      int more = Math.min(out.remaining(), bytes.length - sent);
      out.put(bytes, sent, more).flip();
      sent += more;
      while (out.hasRemaining()) {
        channel.write(out);
      }
      out.clear();
    } while (sent < bytes.length);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

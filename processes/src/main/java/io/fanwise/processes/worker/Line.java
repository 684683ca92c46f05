package io.fanwise.processes.worker;

import io.fanwise.codec.Drain;
import io.fanwise.codec.Fill;
import io.fanwise.codec.Input;
import io.fanwise.codec.MalformedFrame;
import io.fanwise.codec.Output;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ByteChannel;
import org.jspecify.annotations.Nullable;

/// One end of a connection between a worker JVM and its parent: frames out, frames in.
///
/// A frame is a byte that says what it is, and its content in chunks, each behind its length; so it
/// may be larger than any buffer, and is still known to be whole or not. One thread writes at a
/// time, and one reads.
public final class Line implements Closeable {
  /// What fits in here is sent by one write: a batch of tiny inputs, and enough to make a large one
  /// cheap.
  private static final int BUFFER = 64 * 1024;

  /// So much is read at once where it is wanted, without a stop on the way.
  private static final int DIRECT = 8 * 1024;

  private static final int TYPE_BYTES = 1;
  private static final int HEADER_BYTES = TYPE_BYTES + Integer.BYTES;
  private static final int LAST = 1 << 31;

  private final ByteChannel channel;
  private final ByteBuffer sending = allocate(HEADER_BYTES + BUFFER);
  private final ByteBuffer raw = allocate(BUFFER).limit(0);
  private final ByteBuffer reading = allocate(BUFFER);
  private final Chunks chunks = new Chunks();
  private final Output output = new Output(sending.slice(HEADER_BYTES, BUFFER), chunks);
  private @Nullable Runnable beforeLarge;
  private int type;
  private boolean headless;
  private boolean last;
  private boolean complete;
  private int chunkLeft;
  private boolean within;
  private volatile long waitsSince;
  private boolean lastChunk = true;

  /// One end of a connection.
  ///
  /// @param channel the connection; closed with the line
  public Line(ByteChannel channel) {
    this.channel = channel;
  }

  private static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  // ---- out

  /// Begins a frame.
  ///
  /// @param frame what it is
  /// @param large called before the first chunk, if the frame does not fit into one
  /// @return where its content goes
  public Output begin(int frame, @Nullable Runnable large) {
    type = frame;
    headless = true;
    last = false;
    complete = false;
    beforeLarge = large;
    return output;
  }

  /// Sends what is left of the frame.
  ///
  /// @throws IOException if the other end is gone
  public void end() throws IOException {
    last = true;
    output.flush();
    if (!complete) {
      send(ByteBuffer.allocate(0));
    }
  }

  /// Not lambdas: a worker that starts has no time for any.
  private final class Chunks implements Drain, Fill {
    @Override
    public void drain(ByteBuffer full) throws IOException {
      send(full);
    }

    @Override
    public void fill(ByteBuffer empty) throws IOException {
      more(empty);
    }
  }

  private void send(ByteBuffer content) throws IOException {
    if (headless && !last && beforeLarge != null) {
      beforeLarge.run();
    }
    int length = content.remaining();
    sending.clear().put((byte) type).putInt(last ? length | LAST : length);
    sending.position(headless ? 0 : TYPE_BYTES).limit(HEADER_BYTES + length);
    headless = false;
    complete = last;
    write(sending);
    content.position(content.limit());
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  // ---- in

  /// Waits for the next frame. What was left of the one before is skipped.
  ///
  /// @return what it is
  /// @throws EOFException if the other end has closed the line between two frames
  /// @throws IOException if the other end is gone, or sends nonsense
  public int next() throws IOException {
    skip();
    within = false;
    need(HEADER_BYTES);
    within = true;
    int frame = raw.get() & 0xff;
    chunk();
    return frame;
  }

  /// The content of the frame that has come.
  ///
  /// @return a new view of it
  public Input content() {
    return new Input(reading.clear().limit(0), chunks);
  }

  private void skip() throws IOException {
    while (chunkLeft > 0 || !lastChunk) {
      reading.clear();
      more(reading);
    }
  }

  /// Reads the length of the next chunk.
  private void chunk() throws IOException {
    need(Integer.BYTES);
    int length = raw.getInt();
    lastChunk = length < 0;
    chunkLeft = length & ~LAST;
    if (chunkLeft > BUFFER) {
      throw new MalformedFrame(
          "a chunk of " + chunkLeft + " bytes, where at most " + BUFFER + " are sent");
    }
  }

  private void more(ByteBuffer empty) throws IOException {
    while (chunkLeft == 0) {
      if (lastChunk) {
        throw new MalformedFrame("the frame ends in the middle of a value");
      }
      chunk();
    }
    int limit = empty.limit();
    int wanted = Math.min(empty.remaining(), chunkLeft);
    if (!raw.hasRemaining() && wanted >= DIRECT) {
      read(empty.limit(empty.position() + wanted));
    } else {
      need(1);
      int some = Math.min(wanted, raw.remaining());
      empty.put(empty.position(), raw, raw.position(), some);
      empty.position(empty.position() + some);
      raw.position(raw.position() + some);
      chunkLeft -= some;
    }
    empty.limit(limit);
  }

  private void read(ByteBuffer empty) throws IOException {
    int count = readSome(empty);
    if (count < 0) {
      throw new EOFException("the other end closed the line in the middle of a frame");
    }
    chunkLeft -= count;
  }

  private void need(int bytes) throws IOException {
    if (raw.remaining() >= bytes) {
      return;
    }
    raw.compact();
    try {
      while (raw.position() < bytes) {
        if (readSome(raw) < 0) {
          throw new EOFException("the other end closed the line");
        }
      }
    } finally {
      raw.flip();
    }
  }

  private int readSome(ByteBuffer into) throws IOException {
    if (within) {
      waitsSince = System.nanoTime() | 1;
    }
    int count = channel.read(into);
    waitsSince = 0;
    return count;
  }

  /// Since when more of a frame is waited for of which something has come. For any thread.
  ///
  /// @return a reading of [System#nanoTime]; 0 if nothing is waited for, or a whole frame is
  public long waitsSince() {
    return waitsSince;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

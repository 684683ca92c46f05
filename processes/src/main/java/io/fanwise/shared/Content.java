package io.fanwise.shared;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// What new shared memory holds at first. It is written, rather than mapped and copied: that is
/// faster (adr/0012), and reserves the space.
interface Content {
  /// How much is written or read at once.
  int CHUNK = 256 << 10; // see adr/0012

  /// How large it is.
  long bytes();

  /// Puts a part of it somewhere.
  ///
  /// @param from the first byte of the part
  /// @param part where to; holds zeros, or what was put there before
  void copyTo(long from, MemorySegment part);

  /// Zeros.
  static Content zeros(long bytes) {
    return new Zeros(bytes);
  }

  /// What an array of primitives holds.
  static Content of(Element element, Object array) {
    return new Copy(element.segment(array));
  }

  /// Writes all of it.
  default void writeTo(FileChannel channel) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment chunk = arena.allocate(Math.min(CHUNK, bytes()));
      for (long done = 0; done < bytes(); done += chunk.byteSize()) {
        MemorySegment part = chunk.asSlice(0, Math.min(chunk.byteSize(), bytes() - done));
        copyTo(done, part);
        writeFully(channel, part.asByteBuffer());
      }
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  /// Nothing but zeros.
  record Zeros(long bytes) implements Content {
    @Override
    public void copyTo(long from, MemorySegment part) {}
  }

  /// The same as other memory.
  record Copy(MemorySegment source) implements Content {
    @Override
    public long bytes() {
      return source.byteSize();
    }

    @Override
    public void copyTo(long from, MemorySegment part) {
      MemorySegment.copy(source, from, part, 0, part.byteSize());
    }
  }
}

package io.fanwise.pipeline;

import io.fanwise.rows.Compression;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// A file that grows by whole records, and is cut back to where it was when the run goes on.
/// Confined to the thread that writes.
final class AppendedFile implements Appended {
  private static final int BUFFER = 1 << 18;

  /// So much is packed at once; larger blocks are hardly smaller when packed.
  private static final int BLOCK = 4 << 20;

  private final Path file;
  private final FileChannel channel;
  private final Compression compression;
  private final Durability durability;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
  private ByteArrayOutputStream block = new ByteArrayOutputStream();
  private long length;

  private AppendedFile(Path file, FileChannel channel, long length, Durability durability) {
    this.file = file;
    this.channel = channel;
    this.compression = Compression.of(file.toString());
    this.length = length;
    this.durability = durability;
  }

  /// @param mark what the last commit returned
  static AppendedFile open(Path file, Optional<String> mark, Durability durability)
      throws IOException {
    long length = mark.map(Long::parseLong).orElse(0L);
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      long there = channel.size();
      if (there < length) {
        throw new RunRefused(
            RunRefused.Reason.DAMAGED,
            "%s has %d bytes, but %d were written: it was changed since"
                .formatted(file, there, length),
            "; put it back, or start over");
      }
      channel.truncate(length);
      if (length == 0) {
        durability.forceFolder(file);
      }
      channel.position(length);
      return new AppendedFile(file, channel, length, durability);
    } catch (Throwable e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public void heading(byte[] bytes) throws IOException {
    if (length == 0 && block.size() == 0) {
      write(bytes);
    }
  }

  @Override
  public void write(long position, Object encoded) throws IOException {
    if (encoded instanceof Piece piece) {
      write(piece.block(), piece.from(), piece.length());
    } else {
      write((byte[]) encoded);
    }
  }

  private void write(byte[] bytes) throws IOException {
    write(bytes, 0, bytes.length);
  }

  private void write(byte[] bytes, int from, int count) throws IOException {
    if (compression == Compression.NONE) {
      append(bytes, from, count);
    } else {
      block.write(bytes, from, count);
      if (block.size() >= BLOCK) {
        appendPacked();
      }
    }
  }

  @Override
  public String commit() throws IOException {
    if (block.size() > 0) {
      appendPacked();
    }
    drain();
    durability.force(channel);
    return Long.toString(length);
  }

  @Override
  public long bytes() {
    return length;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private void appendPacked() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream packing = compression.packing(packed)) {
      block.writeTo(packing);
    }
    block = new ByteArrayOutputStream();
    append(packed.toByteArray(), 0, packed.size());
  }

  private void append(byte[] bytes, int from, int count) throws IOException {
    if (count > buffer.remaining()) {
      drain();
    }
    if (count > buffer.capacity()) {
      write(ByteBuffer.wrap(bytes, from, count));
    } else {
      buffer.put(bytes, from, count);
    }
    length += count;
  }

  private void drain() throws IOException {
    buffer.flip();
    try {
      write(buffer);
    } finally {
      buffer.clear();
    }
  }

  private void write(ByteBuffer bytes) throws IOException {
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw new IOException("%s: %s".formatted(file, e.getMessage()), e);
    }
  }

  @Override
  public String toString() {
    return file.toString();
  }
}

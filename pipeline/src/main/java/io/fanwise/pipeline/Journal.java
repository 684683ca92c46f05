package io.fanwise.pipeline;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The frames of a run, one after another in a file. What was being written when the power went, is
/// cut off when it is read again.
///
/// Confined to one thread at a time.
final class Journal implements Closeable {
  /// `FAN2`, and so the version of what follows.
  private static final int MAGIC = 0x46414E32;

  private static final int HEADER = 12;

  /// Journals are shorter: the recorder replaces them before.
  private static final long LARGEST_SCAN = 1 << 28;

  private final Path file;
  private FileChannel channel;

  private Journal(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /// Opens it, tells of every frame in order, and cuts off what comes after the last good one.
  ///
  /// @return the journal, ready for more
  static Journal open(Path file, Durability durability, Consumer<Frame> reader) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      long size = channel.size();
      long good = read(channel, size, reader);
      if (good < size && goesOn(channel, good, size)) {
        throw new RunRefused(
            "%s is damaged at byte %,d, with more behind it: put the file back from a copy; or cut it there, and what is behind is done again; or start over"
                .formatted(file, good));
      }
      channel.truncate(good);
      channel.position(good);
      if (good == 0) {
        durability.forceFolder(file); // or the name of a new file may be lost with what it holds
      }
      return new Journal(file, channel);
    } catch (Throwable e) {
      channel.close();
      throw e;
    }
  }

  /// How much of a journal can be read.
  ///
  /// @param size how many bytes it has
  /// @param good how many of them are whole frames, from the beginning
  /// @param moreAfter whether there is a whole frame behind those that are not
  record Soundness(long size, long good, boolean moreAfter) {}

  /// Tells of every frame of a journal that somebody else may be writing.
  static Soundness read(Path file, Consumer<Frame> reader) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      long good = read(channel, size, reader);
      return new Soundness(size, good, good < size && goesOn(channel, good, size));
    }
  }

  private static long read(FileChannel channel, long size, Consumer<Frame> reader)
      throws IOException {
    DataInputStream in =
        new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel), 1 << 16));
    long good = 0;
    byte[] bytes = next(in, size - good);
    while (bytes != null) {
      reader.accept(Frame.of(bytes));
      good += HEADER + bytes.length;
      bytes = next(in, size - good);
    }
    return good;
  }

  /// Whether another good frame comes after one that is not, so that it is not just the end that is
  /// torn.
  private static boolean goesOn(FileChannel channel, long bad, long size) throws IOException {
    ByteBuffer rest = ByteBuffer.allocate((int) Math.min(size - bad, LARGEST_SCAN));
    while (rest.hasRemaining() && channel.read(rest, bad + rest.position()) >= 0) {
      // until it is full
    }
    byte[] bytes = rest.array();
    for (int at = 1; at <= rest.position() - HEADER; at++) {
      if (rest.getInt(at) == MAGIC) {
        DataInputStream in =
            new DataInputStream(new ByteArrayInputStream(bytes, at, rest.position() - at));
        if (next(in, rest.position() - at) != null) {
          return true;
        }
      }
    }
    return false;
  }

  private static byte @Nullable [] next(DataInputStream in, long left) throws IOException {
    try {
      if (left < HEADER || in.readInt() != MAGIC) {
        return null;
      }
      int length = in.readInt();
      int sum = in.readInt();
      if (length < 0 || length > left - HEADER) {
        return null;
      }
      byte[] bytes = in.readNBytes(length);
      return bytes.length == length && sum(bytes) == sum ? bytes : null;
    } catch (EOFException e) {
      return null;
    }
  }

  /// Adds a frame.
  void append(Frame frame, Durability durability) throws IOException {
    write(channel, frame);
    durability.force(channel);
  }

  /// Puts a frame that says all in the place of everything so far.
  void replace(Frame whole, Durability durability) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    FileChannel next =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    try {
      write(next, whole);
      durability.force(next);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      durability.forceFolder(file);
    } catch (Throwable e) {
      next.close();
      throw e;
    }
    channel.close();
    channel = next;
  }

  /// How many bytes it has.
  long size() throws IOException {
    return channel.size();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static void write(FileChannel channel, Frame frame) throws IOException {
    byte[] bytes = frame.bytes();
    ByteBuffer all = ByteBuffer.allocate(HEADER + bytes.length);
    all.putInt(MAGIC).putInt(bytes.length).putInt(sum(bytes)).put(bytes).flip();
    while (all.hasRemaining()) {
      channel.write(all);
    }
  }

  private static int sum(byte[] bytes) {
    CRC32C sum = new CRC32C();
    sum.update(bytes);
    return (int) sum.getValue();
  }
}

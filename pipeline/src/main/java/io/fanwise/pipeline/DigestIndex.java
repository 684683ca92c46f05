package io.fanwise.pipeline;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// A number for each of very many digests, outside the heap: a table in a file that is mapped into
/// memory. The file is nobody's but this object's, and gone when that is closed.
///
/// Confined to the thread that opens it.
final class DigestIndex implements Closeable {
  /// The number of a digest that is not there.
  static final long NONE = 0;

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final long SLOT = 3 * LONG.byteSize();
  private static final long FIRST_SLOTS = 1 << 12;

  /// Of so many slots, so many are taken at most: beyond that, looks take long.
  private static final double FULL = 0.7;

  private static final int ZEROS = 1 << 20;

  private final Path file;
  private Table table;
  private long count;

  private DigestIndex(Path file, Table table) {
    this.file = file;
    this.table = table;
  }

  /// Opens an empty one.
  ///
  /// @param file where to keep it; what is there is overwritten
  static DigestIndex open(Path file) throws IOException {
    return new DigestIndex(file, Table.of(file, FIRST_SLOTS));
  }

  /// The slots: two halves of a digest and its number each. A digest has its place by its first
  /// half, or the next one that is free, so that a larger table has all in the same order.
  ///
  /// @param arena what the file is mapped by
  /// @param memory the file
  /// @param slots how many there are
  private record Table(Arena arena, MemorySegment memory, long slots) {

    /// Writes a file full of zeros, lest the disk is found to be full when a slot is taken.
    static Table of(Path file, long slots) throws IOException {
      long size = slots * SLOT;
      Arena arena = Arena.ofConfined();
      try (FileChannel channel =
          FileChannel.open(
              file,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE)) {
        ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(size, ZEROS));
        for (long left = size; left > 0; left -= zeros.position()) {
          zeros.clear().limit((int) Math.min(left, ZEROS));
          while (zeros.hasRemaining()) {
            channel.write(zeros);
          }
        }
        MemorySegment memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, size, arena);
        return new Table(arena, memory, slots);
      } catch (Throwable e) {
        arena.close();
        throw e;
      }
    }

    /// Where a digest is, or would be: the offset of its slot.
    long slot(long high, long low) {
      long slot = Math.unsignedMultiplyHigh(high, slots);
      long at = slot * SLOT;
      while (number(at) != NONE && !(high(at) == high && low(at) == low)) {
        slot = slot + 1 == slots ? 0 : slot + 1;
        at = slot * SLOT;
      }
      return at;
    }

    long high(long at) {
      return memory.get(LONG, at);
    }

    long low(long at) {
      return memory.get(LONG, at + LONG.byteSize());
    }

    long number(long at) {
      return memory.get(LONG, at + 2 * LONG.byteSize());
    }

    void set(long at, long high, long low, long number) {
      memory.set(LONG, at, high);
      memory.set(LONG, at + LONG.byteSize(), low);
      memory.set(LONG, at + 2 * LONG.byteSize(), number);
    }
  }

  /// The number of a digest; [#NONE] if it has none.
  long get(Digest digest) {
    return table.number(table.slot(digest.high(), digest.low()));
  }

  /// Gives a digest a number, or another one.
  ///
  /// @param number anything but [#NONE]
  void put(Digest digest, long number) throws IOException {
    long at = table.slot(digest.high(), digest.low());
    if (table.number(at) == NONE) {
      if (count >= FULL * table.slots) {
        grow();
        at = table.slot(digest.high(), digest.low());
      }
      count++;
    }
    table.set(at, digest.high(), digest.low(), number);
  }

  /// How many digests have a number.
  long count() {
    return count;
  }

  private void grow() throws IOException {
    Path larger = file.resolveSibling(file.getFileName() + ".new");
    Table old = table;
    Table fresh = Table.of(larger, 2 * old.slots);
    for (long at = 0; at < old.slots * SLOT; at += SLOT) {
      if (old.number(at) != NONE) {
        long to = fresh.slot(old.high(at), old.low(at));
        fresh.set(to, old.high(at), old.low(at), old.number(at));
      }
    }
    table = fresh;
    old.arena.close();
    Files.move(larger, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void close() throws IOException {
    table.arena.close();
    Files.deleteIfExists(file);
  }
}

package io.fanwise.shared;

import java.io.EOFException;
import java.io.IOException;
import java.io.Serializable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;

/// Where a JVM of this host finds a block of shared memory. Immutable.
///
/// @param id the name of the block; no two blocks of this host have the same
/// @param path the file, or `/proc/<pid>/fd/<n>` for a file that has no name any more
/// @param bytes how large the block is
/// @param access what may be done with it
record Location(String id, String path, long bytes, Access access) implements Serializable {

  /// Maps the whole block.
  ///
  /// @param arena what the mapping ends with
  MemorySegment map(Arena arena) {
    try (FileChannel channel = open()) {
      return channel.map(access.mode(), 0, bytes, arena);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /// Reads the whole block. For what is needed once and as a copy, this is faster than mapping it
  /// (adr/0012).
  ///
  /// @param target where to
  void read(MemorySegment target) {
    try (FileChannel channel = open();
        Arena arena = Arena.ofConfined()) {
      MemorySegment chunk = arena.allocate(Math.min(Content.CHUNK, bytes));
      for (long done = 0; done < bytes; ) {
        long left = Math.min(Content.CHUNK, bytes - done);
        int count = channel.read(chunk.asSlice(0, left).asByteBuffer(), done);
        if (count < 0) {
          throw shorter(done);
        }
        MemorySegment.copy(chunk, 0, target, done, count);
        done += count;
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private RuntimeException failed(IOException e) {
    return e instanceof ClosedByInterruptException interrupt
        ? interrupted(interrupt)
        : new IllegalStateException(
            "Cannot open shared memory of %,d bytes at %s: %s. %s"
                .formatted(bytes, path, reason(e), advice()),
            e);
  }

  static CancellationException interrupted(ClosedByInterruptException e) {
    var cancelled = new CancellationException("interrupted while shared memory was opened");
    cancelled.initCause(e);
    return cancelled;
  }

  private FileChannel open() throws IOException {
    Path file = Path.of(path);
    requireSame(file);
    FileChannel channel = FileChannel.open(file, access.options());
    try {
      requireSame(file); // the number was not another file's in between: ids are unique
      if (channel.size() < bytes) {
        throw shorter(channel.size());
      }
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static EOFException shorter(long found) {
    return new EOFException("it has only %,d".formatted(found));
  }

  private boolean unlinked() {
    return path.startsWith("/proc/");
  }

  private void requireSame(Path descriptor) throws IOException {
    if (unlinked() && !Descriptors.leadsTo(descriptor, id)) {
      throw new NoSuchFileException(path);
    }
  }

  private static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "it is not there";
      case FileSystemException failed when failed.getReason() != null -> failed.getReason();
      default -> String.valueOf(e.getMessage());
    };
  }

  private String advice() {
    if (!unlinked() && !path.endsWith(id)) {
      return "The file must stay where it is, and be readable by the user of this JVM.";
    }
    Owner owner = Owner.in(id);
    return owner.alive()
        ? "JVM %d, whose it is, has closed it, or is another user's. Close it after the last task that uses it."
            .formatted(owner.pid())
        : "JVM %d, whose it was, has ended. Create it in the JVM that starts the run."
            .formatted(owner.pid());
  }
}

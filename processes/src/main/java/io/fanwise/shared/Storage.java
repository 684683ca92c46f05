package io.fanwise.shared;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/// The directories that take shared memory, and how it is kept there. Immutable.
///
/// @param directories the first with room is taken
/// @param keeping whether files keep their names
record Storage(List<Path> directories, Keeping keeping) {
  private static final AtomicLong COUNT = new AtomicLong();
  private static final Path TMPFS = Path.of("/dev/shm");

  /// Whether files keep their names.
  enum Keeping {
    /// They lose them at once: whatever happens to this JVM, the system takes the memory back. Other
    /// JVMs find it by [Descriptors].
    UNLINKED,

    /// They stay in a directory of this JVM: see [Kept].
    NAMED
  }

  /// What is written into new memory.
  interface Content {
    void writeTo(FileChannel channel) throws IOException;
  }

  Storage {
    directories = List.copyOf(directories);
  }

  /// What this system offers: memory before disk.
  static Storage standard() {
    return Standard.STORAGE;
  }

  /// A name for a block, unlike any other on this host.
  static String newId() {
    return Owner.self().name() + "-" + COUNT.incrementAndGet();
  }

  /// A file of shared memory, filled. All its space is there when this returns: nobody meets a full
  /// directory when writing to the mapping, where it would be a signal instead of an error.
  ///
  /// @throws UncheckedIOException if no directory has room
  Stored store(long bytes, Access access, Content content) {
    var refusals = new StringJoiner("; ");
    for (Path directory : directories) {
      try {
        long usable = Files.getFileStore(directory).getUsableSpace();
        if (usable >= bytes) {
          return store(directory, bytes, access, content);
        }
        refusals.add("%s has %,d".formatted(directory, usable));
      } catch (ClosedByInterruptException e) {
        throw Location.interrupted(e);
      } catch (IOException e) {
        refusals.add("%s fails: %s".formatted(directory, e.getMessage()));
      }
    }
    var message =
        "No room for %,d bytes of shared memory: %s. Free some, or let java.io.tmpdir be a directory with room."
            .formatted(bytes, refusals);
    throw new UncheckedIOException(message, new IOException(refusals.toString()));
  }

  private Stored store(Path directory, long bytes, Access access, Content content)
      throws IOException {
    String id = newId();
    Path home =
        switch (keeping) {
          case UNLINKED -> Kept.swept(directory);
          case NAMED -> Kept.home(directory);
        };
    Path file = home.resolve(id);
    FileChannel channel = Kept.newFile(file);
    try {
      Stored stored = settle(file, channel, new Location(id, file.toString(), bytes, access));
      content.writeTo(channel);
      return stored;
    } catch (IOException | RuntimeException e) {
      channel.close();
      Files.deleteIfExists(file);
      throw e;
    }
  }

  private Stored settle(Path file, FileChannel channel, Location named) throws IOException {
    return switch (keeping) {
      case UNLINKED -> {
        Path descriptor = Descriptors.find(named.id());
        Files.deleteIfExists(file);
        yield new Stored(
            new Location(named.id(), descriptor.toString(), named.bytes(), named.access()),
            channel::close);
      }
      case NAMED -> {
        yield new Stored(
            named,
            () -> {
              channel.close();
              Files.deleteIfExists(file);
            });
      }
    };
  }

  /// Shared memory that lies somewhere now.
  ///
  /// @param location where
  /// @param release gives it back; who has mapped it keeps the mapping
  record Stored(Location location, Release release) {}

  /// Gives something back.
  interface Release {
    void release() throws IOException;
  }

  private static final class Standard {
    private static final Storage STORAGE = look(() -> Path.of(System.getProperty("java.io.tmpdir")));

    private static Storage look(Supplier<Path> temporary) {
      List<Path> directories =
          Files.isDirectory(TMPFS) && Files.isWritable(TMPFS)
              ? List.of(TMPFS, temporary.get())
              : List.of(temporary.get());
      return new Storage(directories, Descriptors.shown() ? Keeping.UNLINKED : Keeping.NAMED);
    }
  }
}

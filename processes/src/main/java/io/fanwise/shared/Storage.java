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

/// The directories that take shared memory, and how it is kept there. Immutable.
///
/// @param directories the first with room is taken
/// @param keeping whether files keep their names
record Storage(List<Path> directories, Keeping keeping) {
  private static final AtomicLong COUNT = new AtomicLong();

  /// Whether files keep their names.
  enum Keeping {
    /// They lose them at once: whatever happens to this JVM, the system takes the memory back.
    /// Other JVMs find it by [Descriptors].
    UNLINKED,

    /// They stay in a directory of this JVM: see [Kept].
    NAMED
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
    return Kept.NAME + "-" + COUNT.incrementAndGet();
  }

  /// A file of shared memory, filled. All its space is there when this returns: nobody meets a full
  /// directory when writing to the mapping, where it would be a signal instead of an error.
  ///
  /// @throws UncheckedIOException if no directory has room
  Stored store(Access access, Content content) {
    long bytes = content.bytes();
    var refusals = new StringJoiner("; ");
    for (Path directory : directories) {
      try {
        long usable = directory.toFile().getUsableSpace(); // a FileStore reads all mounts first
        if (usable >= bytes) {
          return store(directory, access, content);
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

  private Stored store(Path directory, Access access, Content content) throws IOException {
    String id = newId();
    Path file = home(directory).resolve(id);
    FileChannel channel = Kept.newFile(file);
    try {
      var location = new Location(id, settled(file).toString(), content.bytes(), access);
      content.writeTo(channel);
      return new Stored(location, channel, file);
    } catch (IOException | RuntimeException e) {
      channel.close();
      Files.deleteIfExists(file);
      throw e;
    }
  }

  private Path home(Path directory) throws IOException {
    return switch (keeping) {
      case UNLINKED -> Kept.swept(directory);
      case NAMED -> Kept.home(directory);
    };
  }

  private Path settled(Path file) throws IOException {
    return switch (keeping) {
      case UNLINKED -> {
        Path descriptor = Descriptors.find(file.getFileName().toString());
        Files.deleteIfExists(file);
        yield descriptor;
      }
      case NAMED -> file;
    };
  }

  /// Shared memory that lies somewhere now.
  ///
  /// @param location where
  /// @param channel what keeps it there if it has no name
  /// @param file its name, if it has one
  record Stored(Location location, FileChannel channel, Path file) {

    /// Gives it back. Who has mapped it keeps the mapping.
    void close() {
      try (channel) {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final class Standard {
    private static final Path TMPFS = Path.of("/dev/shm");
    private static final Storage STORAGE =
        new Storage(directories(), Descriptors.shown() ? Keeping.UNLINKED : Keeping.NAMED);

    private static List<Path> directories() {
      Path temporary = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
      return Files.isDirectory(TMPFS) && Files.isWritable(TMPFS)
          ? List.of(TMPFS, temporary)
          : List.of(temporary);
    }
  }
}

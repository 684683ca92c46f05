package io.fanwise.shared;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The directories of shared memory in which files have names: one for each JVM, removed when it
/// ends, or, if it was killed, by the next JVM that looks. Safe for use by many threads.
final class Kept {
  /// What the names of all that is kept by this JVM begin with. The clock tells this class from the
  /// same one of another class loader.
  static final String NAME = Owner.self().name() + "-" + Math.abs(System.nanoTime());

  private static final Map<Path, Path> HOMES = new ConcurrentHashMap<>();
  private static final Set<Path> SWEPT = ConcurrentHashMap.newKeySet();

  private Kept() {}

  /// The directory of this JVM, made if need be.
  static Path home(Path directory) throws IOException {
    try {
      return HOMES.computeIfAbsent(swept(directory), Kept::newHome);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static Path newHome(Path directory) {
    Path home = directory.resolve(NAME);
    try {
      Files.createDirectory(home, permissions(home, "rwx------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(home), "fan-shared-exit"));
    return home;
  }

  /// A new file that only this user may open.
  static FileChannel newFile(Path file) throws IOException {
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
        permissions(file, "rw-------"));
  }

  private static FileAttribute<?>[] permissions(Path path, String permissions) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  /// The directory, after what JVMs that were killed left there is removed; once is enough.
  static Path swept(Path directory) {
    if (SWEPT.add(directory)) {
      sweep(directory);
    }
    return directory;
  }

  /// Removes what JVMs left that do not run any more.
  static void sweep(Path directory) {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory)) {
      for (Path path : found) {
        if (left(path.getFileName().toString())) {
          remove(path);
        }
      }
    } catch (IOException _) {
      // whoever looks next removes it
    }
  }

  private static boolean left(String name) {
    try {
      return name.startsWith(Owner.PREFIX) && !Owner.in(name).alive();
    } catch (IllegalArgumentException _) {
      return false; // something of somebody else
    }
  }

  private static void remove(Path path) {
    try {
      if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
          for (Path file : files) {
            Files.deleteIfExists(file);
          }
        }
      }
      Files.deleteIfExists(path);
    } catch (IOException _) {
      // in use on a system that does not remove what is in use, or another user's
    }
  }
}

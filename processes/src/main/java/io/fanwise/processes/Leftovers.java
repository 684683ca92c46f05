package io.fanwise.processes;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;

/// The directories of JVMs, and what becomes of them when those are gone: a process that is killed
/// cannot tidy up.
final class Leftovers {
  private static final String PREFIX = "fanwise-";

  private Leftovers() {}

  /// The name of a JVM's directory: nobody else has it, also when process numbers come round again.
  static String name(ProcessHandle process) {
    return PREFIX + process.pid() + "-" + started(process);
  }

  private static long started(ProcessHandle process) {
    Instant start = process.info().startInstant().orElse(Instant.EPOCH);
    return start.toEpochMilli();
  }

  /// What such a directory is made with, where there are permissions.
  static FileAttribute<?>[] ownerOnly() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
  }

  /// Deletes a directory of ours and the files in it.
  static void delete(Path directory) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
          delete(file); // of a rehearsal for the AOT cache
        } else {
          Files.deleteIfExists(file);
        }
      }
      Files.deleteIfExists(directory);
    } catch (IOException e) {
      // somebody else is at it, or it is gone
    }
  }

  /// Deletes what JVMs have left behind that are not there any more.
  static void sweep(Path place) {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(place, PREFIX + "*-*")) {
      for (Path directory : all) {
        if (isOrphaned(directory)) {
          delete(directory);
        }
      }
    } catch (IOException e) {
      // another time
    }
  }

  private static boolean isOrphaned(Path directory) throws IOException {
    String[] parts = directory.getFileName().toString().split("-", -1);
    if (parts.length < 3 || parts.length > 4 || !Files.isDirectory(directory)) {
      return false;
    }
    try {
      long pid = Long.parseLong(parts[1]);
      long start = Long.parseLong(parts[2]);
      ProcessHandle owner = ProcessHandle.of(pid).orElse(null);
      boolean gone = owner == null || (start != 0 && started(owner) != start);
      return gone && !isHome(directory.resolve("s"));
    } catch (NumberFormatException e) {
      return false; // not one of ours
    }
  }

  /// In a container, processes are not seen that share the directory.
  private static boolean isHome(Path socket) {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return channel.connect(UnixDomainSocketAddress.of(socket));
    } catch (IOException e) {
      return false;
    }
  }
}

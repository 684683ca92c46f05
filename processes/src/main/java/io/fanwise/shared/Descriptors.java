package io.fanwise.shared;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// The files that a process has open, as `/proc` shows them.
final class Descriptors {
  private Descriptors() {}

  /// Whether the system shows them.
  static boolean shown() {
    Path own = own();
    return Files.isDirectory(own) && Files.isReadable(own);
  }

  /// The path by which other JVMs open a file that this JVM has open, also after its name is gone.
  ///
  /// @param name the last part of the file's name, which no other file may have
  static Path find(String name) throws IOException {
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(own())) {
      for (Path descriptor : descriptors) {
        if (leadsTo(descriptor, name)) {
          return descriptor;
        }
      }
    }
    throw new IOException("no descriptor of " + name + " in " + own());
  }

  private static Path own() {
    return Path.of("/proc", Long.toString(Owner.self().pid()), "fd");
  }

  /// Whether a descriptor is that of a file.
  ///
  /// @param descriptor such as `/proc/123/fd/4`
  /// @param name the last part of the file's name, which no other file may have
  static boolean leadsTo(Path descriptor, String name) {
    try {
      String target = Files.readSymbolicLink(descriptor).toString();
      int start = target.lastIndexOf('/') + 1;
      int end = start + name.length();
      return target.startsWith(name, start)
          && (target.length() == end || target.startsWith(" (deleted)", end));
    } catch (IOException _) {
      return false; // closed, or of another user, which comes to the same
    }
  }
}

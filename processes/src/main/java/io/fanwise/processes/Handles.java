package io.fanwise.processes;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;

/// Whether there are file handles left to start a process.
///
/// The JDK must not be the first to find out: when it gets none in the middle of starting a
/// process, it closes one that belongs to somebody else (25.0.3).
final class Handles {
  /// Pipes, the log, and what the process begins with: with 10 left it starts, with 5 the JDK
  /// closes what is not its own.
  private static final int NEEDED = 12;

  private static final File ANY = new File("/dev/null");

  private Handles() {}

  /// Makes sure that there are enough, unless somebody else takes them in the same moment.
  ///
  /// @throws IOException if there are not
  static void check() throws IOException {
    if (!ANY.exists()) {
      return; // another system, with other limits
    }
    FileInputStream[] tried = new FileInputStream[NEEDED];
    try {
      for (int i = 0; i < NEEDED; i++) {
        tried[i] = new FileInputStream(ANY);
      }
    } catch (IOException e) {
      throw new IOException("this JVM has too many files open to start another", e);
    } finally {
      for (FileInputStream one : tried) {
        if (one != null) {
          one.close();
        }
      }
    }
  }
}

package io.fanwise.processes;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// What a worker JVM writes to its standard streams outside tasks: a file that never grows for
/// long. The worker appends to it; this end cuts it.
///
/// @param file where it is
record Log(Path file) {
  /// More than anybody reads; a thousand workers do not fill a disk with it.
  static final long MOST_BYTES = 16 << 20;

  /// So much of its end stays when it is cut.
  private static final int KEPT_BYTES = 64 * 1024;

  /// Drops all but the end if it has grown too large.
  void cut() {
    try {
      if (Files.size(file) <= MOST_BYTES) {
        return;
      }
      byte[] end = end(KEPT_BYTES);
      Files.newByteChannel(file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
          .close();
      Files.writeString(file, "[what was here was too much]\n", StandardOpenOption.APPEND);
      Files.write(file, end, StandardOpenOption.APPEND);
    } catch (IOException e) {
      // it is gone, or another time
    }
  }

  /// The last lines, or parts of lines.
  String tail(int bytes) throws IOException {
    return new String(end(bytes), StandardCharsets.UTF_8);
  }

  private byte[] end(int bytes) throws IOException {
    try (RandomAccessFile from = new RandomAccessFile(file.toFile(), "r")) {
      long start = Math.max(0, from.length() - bytes);
      byte[] end = new byte[(int) (from.length() - start)];
      from.seek(start);
      from.readFully(end);
      return end;
    }
  }
}

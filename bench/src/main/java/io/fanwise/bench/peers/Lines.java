package io.fanwise.bench.peers;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

/// A file of decimal numbers, one per line: as cheap a sink as a file can be.
///
/// Guarded by `lock`.
final class Lines implements AutoCloseable {
  private static final int LONGEST = 24;

  private final OutputStream out;
  private final byte[] buffer = new byte[1 << 16];
  private final ReentrantLock lock = new ReentrantLock();
  private int at;

  Lines(Path file) throws IOException {
    out = new FileOutputStream(file.toFile());
  }

  /// Writes a line.
  ///
  /// @param number 0 or more
  void add(long number) {
    lock.lock();
    try {
      if (at > buffer.length - LONGEST) {
        flush();
      }
      int digits = 1;
      for (long rest = number; rest >= 10; rest /= 10) {
        digits++;
      }
      long rest = number;
      for (int i = at + digits - 1; i >= at; i--) {
        buffer[i] = (byte) ('0' + rest % 10);
        rest /= 10;
      }
      at += digits;
      buffer[at++] = '\n';
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      lock.unlock();
    }
  }

  private void flush() throws IOException {
    out.write(buffer, 0, at);
    at = 0;
  }

  @Override
  public void close() throws IOException {
    flush();
    out.close();
  }
}

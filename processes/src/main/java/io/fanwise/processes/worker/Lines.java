package io.fanwise.processes.worker;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A standard stream of a worker JVM: what is printed goes to the parent line by line, at the
/// latest when the batch is over.
///
/// Safe for use by many threads: guarded by `this`.
final class Lines extends OutputStream {
  /// More is not kept waiting.
  private static final int MOST = 8 * 1024;

  /// A line that is longer is broken.
  private static final int LONGEST = 1024 * 1024;

  private final Printed.Stream stream;
  private final Aside aside;
  private byte[] bytes = new byte[MOST];
  private int size;
  private int whole;

  Lines(Printed.Stream stream, Aside aside) {
    this.stream = stream;
    this.aside = aside;
  }

  @Override
  public synchronized void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] some, int from, int count) throws IOException {
    int at = from;
    int left = count;
    while (left > 0) {
      int fits = Math.min(left, bytes.length - size);
      System.arraycopy(some, at, bytes, size, fits);
      for (int i = size; i < size + fits; i++) {
        if (bytes[i] == '\n') {
          whole = i + 1;
        }
      }
      size += fits;
      at += fits;
      left -= fits;
      if (size == bytes.length) {
        if (whole > 0) {
          flush();
        } else if (size >= LONGEST) {
          flushAll();
        } else {
          bytes = Arrays.copyOf(bytes, 2 * size);
        }
      }
    }
  }

  /// Sends the lines that are whole.
  @Override
  public synchronized void flush() throws IOException {
    if (whole > 0) {
      String lines = new String(bytes, 0, whole, StandardCharsets.UTF_8);
      System.arraycopy(bytes, whole, bytes, 0, size - whole);
      size -= whole;
      whole = 0;
      if (size == 0 && bytes.length > MOST) {
        bytes = new byte[MOST];
      }
      aside.print(new Printed(stream, lines));
    }
  }

  /// Sends everything: a line that was begun is ended.
  synchronized void flushAll() throws IOException {
    if (whole < size) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length, size + 1));
      bytes[size++] = '\n';
      whole = size;
    }
    flush();
  }

  /// Whether something waits, as far as another thread can see.
  boolean isDirty() {
    return whole > 0;
  }
}

package io.fanwise.rows;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// A stream that keeps what was read from some place on. Confined to the thread that reads.
final class KeptBytes extends FilterInputStream {
  private static final int BUFFER = 1 << 16;

  private final Limit limit;
  private byte[] bytes = new byte[BUFFER];
  private long offset;
  private int count;

  /// Says what is wrong when too much is to be kept.
  record Limit(int longest, Thrower error) {
    /// Makes an error.
    interface Thrower {
      /// {@return what to throw}
      BadInput error();
    }
  }

  /// @param offset the place of the first byte
  KeptBytes(InputStream in, long offset, Limit limit) {
    super(in);
    this.offset = offset;
    this.limit = limit;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int from, int length) throws IOException {
    if (count >= limit.longest()) {
      throw limit.error().error();
    }
    int read = in.read(target, from, length);
    if (read > 0) {
      keep(target, from, read);
    }
    return read;
  }

  /// Lets go of what lies before a place.
  void forgetBefore(long place) {
    int gone = Math.toIntExact(place - offset);
    System.arraycopy(bytes, gone, bytes, 0, count - gone);
    count -= gone;
    offset = place;
  }

  /// What was read from the place that was named last.
  byte[] first(int length) {
    return Arrays.copyOf(bytes, length);
  }

  private void keep(byte[] source, int from, int length) {
    int needed = count + length;
    if (needed > bytes.length) {
      try {
        bytes = Arrays.copyOf(bytes, (int) Math.min(2L * needed, Integer.MAX_VALUE - 8));
      } catch (OutOfMemoryError e) {
        BadInput error = limit.error().error();
        error.initCause(e);
        throw error;
      }
    }
    System.arraycopy(source, from, bytes, count, length);
    count = needed;
  }
}

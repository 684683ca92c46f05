package io.fanwise.rows;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// The lines of UTF-8 text, cut as bytes and decoded one by one. Confined to the thread that reads.
final class LineRecords implements Records {

  private static final int BUFFER = 1 << 17;
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;

  private final String file;
  private final Format format;
  private final int longest;
  private final InputStream in;

  private byte[] buffer = new byte[BUFFER];
  private long bufferOffset;
  private int next;
  private int end;
  private long line;
  private String text = "";

  /// @param offset how many bytes were left out before the first that `in` has
  /// @param line how many lines those were
  LineRecords(String file, Format format, int longest, InputStream in, long offset, long line) {
    this.file = file;
    this.format = format;
    this.longest = longest;
    this.in = in;
    this.bufferOffset = offset;
    this.line = line;
  }

  @Override
  public boolean advance() throws IOException {
    while (cut()) {
      if (format != Format.JSONL || !text.isBlank()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public Row row(long number) {
    return format == Format.JSONL
        ? new JsonRow(file, number, line, text)
        : new LineRow(file, number, line, text);
  }

  @Override
  public long offset() {
    return bufferOffset + next;
  }

  @Override
  public long line() {
    return line;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private boolean cut() throws IOException {
    byte separator = format == Format.NUL ? 0 : (byte) '\n';
    int searched = 0;
    while (true) {
      int at = indexOf(separator, buffer, next + searched, end);
      if (at >= 0) {
        take(at);
        next = at + 1;
        return true;
      }
      searched = end - next;
      if (!fill()) {
        boolean unended = next < end;
        if (unended) {
          take(end);
          next = end;
        }
        return unended;
      }
    }
  }

  private void take(int stop) {
    line++;
    int length = stop - next;
    if (length > 0 && format != Format.NUL && buffer[stop - 1] == '\r') {
      length--;
    }
    text = Utf8.text(buffer, next, length, file, line, bufferOffset + next);
    if (line == 1 && text.startsWith("\uFEFF")) {
      text = text.substring(1);
    }
  }

  private boolean fill() throws IOException {
    if (end - next >= longest) {
      throw new BadInput(
          "%s:%d: longer than %d bytes; is --format right?".formatted(file, line + 1, longest));
    }
    if (next > 0) {
      System.arraycopy(buffer, next, buffer, 0, end - next);
      bufferOffset += next;
      end -= next;
      next = 0;
    }
    if (end == buffer.length) {
      grow();
    }
    int count = in.read(buffer, end, buffer.length - end);
    end += Math.max(count, 0);
    return count >= 0;
  }

  private void grow() {
    try {
      buffer = Arrays.copyOf(buffer, (int) Math.min(2L * buffer.length, Integer.MAX_VALUE - 8));
    } catch (OutOfMemoryError e) {
      throw new BadInput(
          "%s:%d: longer than %d bytes, more than memory has room for; is --format right?"
              .formatted(file, line + 1, buffer.length),
          e);
    }
  }

  /// Eight bytes at a time: a byte that equals the wanted one is the lowest that a subtraction of
  /// one borrows from.
  private static int indexOf(byte wanted, byte[] bytes, int from, int end) {
    long pattern = ONES * wanted;
    int at = from;
    for (; at <= end - Long.BYTES; at += Long.BYTES) {
      long differing = (long) WORDS.get(bytes, at) ^ pattern;
      long equal = (differing - ONES) & ~differing & HIGHS;
      if (equal != 0) {
        return at + Long.numberOfTrailingZeros(equal) / Byte.SIZE;
      }
    }
    for (; at < end; at++) {
      if (bytes[at] == wanted) {
        return at;
      }
    }
    return -1;
  }
}

package io.fanwise.rows;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// The bytes of a csv or tsv file in UTF-8, which remembers where records begin as they pass. The
/// parser says on which line a record begins; by that line its place in bytes is found.
///
/// It keeps the beginnings between what was read and what was parsed: those of one buffer. Confined
/// to the thread that reads.
final class CellsOffsets extends FilterInputStream {
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  // UNQUOTED ──▶ QUOTED ──▶ UNQUOTED …   (a quote begins a field only at its start; the quote after
  //                                       one that has ended a field makes of both a character)
  private enum State {
    UNQUOTED,
    QUOTED
  }

  private final byte separator;

  private State state = State.UNQUOTED;
  private byte last = '\n';
  private long lastQuote = -1;
  private long passed;
  private long line;
  private int marked;

  /// A ring: where records begin, and on which line, counted from 0.
  private long[] offsets = new long[1024];

  private long[] lines = new long[1024];
  private int head;
  private int count;

  /// @param offset how many bytes were left out before the first that `in` has
  /// @param line how many lines those were
  CellsOffsets(InputStream in, Format format, long offset, long line) {
    super(in);
    this.separator = (byte) Csv.separator(format);
    this.passed = offset;
    this.line = line;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int from, int length) throws IOException {
    int read = in.read(target, from, length);
    if (read > 0) {
      scan(target, from, from + read);
    }
    return read;
  }

  /// Forgets what lies up to the record that begins on a line, that record included.
  ///
  /// @param recordLine its line in the file, from 1
  void forgetUpTo(long recordLine) {
    while (count > 0 && lines[head] < recordLine) {
      head = (head + 1) & (offsets.length - 1);
      count--;
    }
  }

  /// Where the first record begins that is not forgotten, or what follows the last one; −1 while it
  /// is not decided whether a line end has a second byte.
  long offset() {
    if (count == 0) {
      return last == '\r' ? -1 : passed;
    }
    return last == '\r' && count == 1 && offsets[head] == passed ? -1 : offsets[head];
  }

  /// How many lines lie before that place.
  long line() {
    return count == 0 ? line : lines[head];
  }

  private void scan(byte[] bytes, int from, int end) {
    long base = passed - from;
    int at = from;
    while (at < end && base + at < MARK.length && bytes[at] == MARK[(int) (base + at)]) {
      marked++;
      at++;
    }
    for (at = next(bytes, at, end); at < end; at = next(bytes, at + 1, end)) {
      byte before = at > from ? bytes[at - 1] : last;
      meet(bytes[at], afterMark(base + at) ? (byte) '\n' : before, base + at);
    }
    last = bytes[end - 1];
    passed = base + end;
  }

  /// Whether nothing but the byte order mark lies before a place.
  private boolean afterMark(long offset) {
    return offset == MARK.length && marked == MARK.length;
  }

  private void meet(byte one, byte before, long offset) {
    if (one == '"') {
      quote(before, offset);
      return;
    }
    if (one == '\n' && before == '\r') {
      if (state == State.UNQUOTED) {
        moveLast(offset + 1);
      }
      return;
    }
    line++;
    if (state == State.UNQUOTED) {
      add(offset + 1);
    }
  }

  private void quote(byte before, long offset) {
    if (state == State.QUOTED) {
      state = State.UNQUOTED;
      lastQuote = offset;
    } else if (before == separator || before == '\n' || before == '\r' || offset == lastQuote + 1) {
      state = State.QUOTED;
    }
  }

  private void add(long offset) {
    if (count == offsets.length) {
      grow();
    }
    int tail = (head + count) & (offsets.length - 1);
    offsets[tail] = offset;
    lines[tail] = line;
    count++;
  }

  /// The line end had two bytes.
  private void moveLast(long offset) {
    if (count > 0) {
      offsets[(head + count - 1) & (offsets.length - 1)] = offset;
    }
  }

  private void grow() {
    int size = offsets.length;
    long[] moreOffsets = Arrays.copyOfRange(offsets, head, head + 2 * size);
    long[] moreLines = Arrays.copyOfRange(lines, head, head + 2 * size);
    System.arraycopy(offsets, 0, moreOffsets, size - head, head);
    System.arraycopy(lines, 0, moreLines, size - head, head);
    offsets = moreOffsets;
    lines = moreLines;
    head = 0;
  }

  /// The next quote or line end, eight bytes at a time: see [LineRecords].
  private static int next(byte[] bytes, int from, int end) {
    int at = from;
    for (; at <= end - Long.BYTES; at += Long.BYTES) {
      long word = (long) WORDS.get(bytes, at);
      long found = (equal(word, '"') | equal(word, '\n') | equal(word, '\r')) & HIGHS;
      if (found != 0) {
        return at + Long.numberOfTrailingZeros(found) / Byte.SIZE;
      }
    }
    while (at < end && bytes[at] != '"' && bytes[at] != '\n' && bytes[at] != '\r') {
      at++;
    }
    return at;
  }

  private static long equal(long word, char wanted) {
    long differing = word ^ (ONES * wanted);
    return (differing - ONES) & ~differing;
  }
}

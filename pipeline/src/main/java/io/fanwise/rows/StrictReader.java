package io.fanwise.rows;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/// Characters decoded from bytes, without the byte order mark; bytes that are none are an error
/// that says where.
final class StrictReader extends Reader {

  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long LOWS = 0x7F7F7F7F7F7F7F7FL;

  private final String file;
  private final InputStream in;
  private final CharsetDecoder decoder;
  private final boolean utf8;
  private final ByteBuffer bytes = ByteBuffer.allocate(1 << 16).flip();

  private long bytesBefore;
  private long lines;
  private boolean begun;
  private boolean ended;

  StrictReader(String file, InputStream in, Charset encoding) {
    this(file, in, encoding, 0, 0);
  }

  /// @param offset how many bytes were left out before the first that `in` has
  /// @param line how many lines those were
  StrictReader(String file, InputStream in, Charset encoding, long offset, long line) {
    this.file = file;
    this.in = in;
    this.decoder = encoding.newDecoder();
    this.bytesBefore = offset;
    this.lines = line;
    this.utf8 = encoding.equals(StandardCharsets.UTF_8);
    this.begun = offset > 0;
  }

  @Override
  public int read(char[] target, int from, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (begun) {
      return decode(target, from, length);
    }
    begun = true;
    int count = decode(target, from, length);
    if (count < 1 || target[from] != '\uFEFF') {
      return count;
    }
    System.arraycopy(target, from + 1, target, from, count - 1);
    return count > 1 ? count - 1 : decode(target, from, length);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private int decode(char[] target, int from, int length) throws IOException {
    CharBuffer chars = CharBuffer.wrap(target, from, length);
    while (true) {
      CoderResult result = decoder.decode(bytes, chars, ended);
      int count = chars.position() - from;
      if (count > 0) {
        lines += utf8 ? 0 : lineEnds(target, from, count);
        return count;
      }
      if (result.isError()) {
        throw notEncoded(
            file,
            lines + 1 + (utf8 ? lineEnds(bytes.array(), bytes.position()) : 0),
            decoder.charset(),
            bytes.get(bytes.position()),
            bytesBefore + bytes.position());
      }
      if (ended) {
        return -1;
      }
      fill();
    }
  }

  private void fill() throws IOException {
    bytesBefore += bytes.position();
    lines += utf8 ? lineEnds(bytes.array(), bytes.position()) : 0;
    bytes.compact();
    int count = in.read(bytes.array(), bytes.position(), bytes.remaining());
    ended = count < 0;
    bytes.position(bytes.position() + Math.max(count, 0)).flip();
  }

  private static long lineEnds(char[] chars, int from, int count) {
    long found = 0;
    for (int i = from; i < from + count; i++) {
      found += chars[i] == '\n' ? 1 : 0;
    }
    return found;
  }

  /// In UTF-8 no other character has this byte. Eight at a time: the high bit of each that is no
  /// line end is set.
  private static long lineEnds(byte[] bytes, int end) {
    long found = 0;
    int at = 0;
    for (; at <= end - Long.BYTES; at += Long.BYTES) {
      long differing = (long) WORDS.get(bytes, at) ^ (ONES * '\n');
      long others = ((differing & LOWS) + LOWS) | differing;
      found += Long.bitCount(~others & ~LOWS);
    }
    for (; at < end; at++) {
      found += bytes[at] == '\n' ? 1 : 0;
    }
    return found;
  }

  static BadInput notEncoded(String file, long line, Charset encoding, byte wrong, long offset) {
    boolean wide = offset == 0 && (wrong == (byte) 0xFF || wrong == (byte) 0xFE);
    boolean utf8 = encoding.equals(StandardCharsets.UTF_8);
    return new BadInput(
        "%s:%d: not %s: byte 0x%02X at offset %d; name the right encoding, such as --encoding %s"
            .formatted(
                file,
                line,
                encoding,
                wrong,
                offset,
                wide ? "UTF-16" : utf8 ? "ISO-8859-1" : "UTF-8"));
  }
}

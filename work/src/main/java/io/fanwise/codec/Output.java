package io.fanwise.codec;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Bytes on their way out, through one buffer that is drained whenever it is full.
///
/// However large a value, no second copy of it is made. Numbers are little-endian, as on the
/// machines it runs on: both ends are on one host. Confined to one thread.
public final class Output {
  private static final int VARINT_BYTES = 5;
  private static final int SMALLEST_BUFFER = 64;

  private final ByteBuffer buffer;
  private final Drain drain;
  private long drained;

  /// Bytes that go through a buffer.
  ///
  /// @param buffer belongs to the output from now on; at least 64 bytes, better 64 KB, better
  ///   direct
  /// @param drain takes them from there
  public Output(ByteBuffer buffer, Drain drain) {
    if (buffer.capacity() < SMALLEST_BUFFER) {
      throw new IllegalArgumentException(
          "buffer must have at least 64 bytes, had " + buffer.capacity());
    }
    this.buffer = buffer.clear().order(ByteOrder.LITTLE_ENDIAN);
    this.drain = drain;
  }

  /// Where the next byte will be.
  ///
  /// @return a place to [#rewind] to
  public long mark() {
    return drained + buffer.position();
  }

  /// Takes back what was written since, if it is still here.
  ///
  /// @param mark from [#mark]
  /// @return whether it was; if not, nothing changed
  public boolean rewind(long mark) {
    if (mark < drained) {
      return false;
    }
    buffer.position((int) (mark - drained));
    return true;
  }

  /// Drains what is in the buffer.
  ///
  /// @throws IOException if the channel does not take it
  public void flush() throws IOException {
    if (buffer.position() > 0) {
      int length = buffer.position();
      drain.drain(buffer.flip());
      buffer.clear();
      drained += length;
    }
  }

  private ByteBuffer room(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      flush();
    }
    return buffer;
  }

  private int fitting(int size, int wanted) throws IOException {
    return Math.min(room(size).remaining() / size, wanted);
  }

  /// Writes a byte.
  ///
  /// @param value its low 8 bits count
  /// @throws IOException if the channel fails
  public void u8(int value) throws IOException {
    room(1).put((byte) value);
  }

  /// Writes two bytes.
  ///
  /// @param value its low 16 bits count
  /// @throws IOException if the channel fails
  public void u16(int value) throws IOException {
    room(Short.BYTES).putShort((short) value);
  }

  /// Writes a number of four bytes.
  ///
  /// @param value the number
  /// @throws IOException if the channel fails
  public void i32(int value) throws IOException {
    room(Integer.BYTES).putInt(value);
  }

  /// Writes a number of eight bytes.
  ///
  /// @param value the number
  /// @throws IOException if the channel fails
  public void i64(long value) throws IOException {
    room(Long.BYTES).putLong(value);
  }

  /// Writes a floating-point number of eight bytes.
  ///
  /// @param value the number, whose bits are kept
  /// @throws IOException if the channel fails
  public void f64(double value) throws IOException {
    i64(Double.doubleToRawLongBits(value));
  }

  /// Writes a byte and a number of four bytes.
  void tagged(int tag, int value) throws IOException {
    room(1 + Integer.BYTES).put((byte) tag).putInt(value);
  }

  /// Writes a byte and a number of eight bytes.
  void tagged(int tag, long value) throws IOException {
    room(1 + Long.BYTES).put((byte) tag).putLong(value);
  }

  /// Writes a number in as few bytes as it needs, one to five.
  ///
  /// @param value the number; small ones that are not negative are short
  /// @throws IOException if the channel fails
  public void varint(int value) throws IOException {
    room(VARINT_BYTES);
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      buffer.put((byte) (rest | 0x80));
      rest >>>= 7;
    }
    buffer.put((byte) rest);
  }

  /// Writes text, whatever its characters.
  ///
  /// @param text the text
  /// @throws IOException if the channel fails
  public void string(String text) throws IOException {
    boolean latin1 = Text.isLatin1(text);
    u8(latin1 ? Text.LATIN1 : Text.UTF16);
    varint(text.length());
    Text.write(this, text, latin1);
  }

  /// Writes bytes, without their number.
  ///
  /// @param bytes some of these
  /// @param from the first
  /// @param count how many
  /// @throws IOException if the channel fails
  public void bytes(byte[] bytes, int from, int count) throws IOException {
    int at = from;
    int end = from + count;
    while (at < end) {
      int length = fitting(1, end - at);
      buffer.put(bytes, at, length);
      at += length;
    }
  }

  /// Writes elements of a primitive array, without their number.
  ///
  /// @param array some of these
  /// @param from the first
  /// @param count how many
  /// @throws IOException if the channel fails
  public void array(Object array, int from, int count) throws IOException {
    if (array instanceof byte[] bytes) {
      bytes(bytes, from, count);
      return;
    }
    int size = Bulk.size(array);
    int at = from;
    int end = from + count;
    while (at < end) {
      int length = fitting(size, end - at);
      Bulk.put(buffer, array, at, length);
      at += length;
    }
  }

  void boxedInts(@Nullable Object[] all, int from, int to) throws IOException {
    int at = from;
    while (at < to) {
      int stop = at + fitting(Integer.BYTES, to - at);
      for (; at < stop; at++) {
        buffer.putInt(number(all[at]).intValue());
      }
    }
  }

  void boxedLongs(@Nullable Object[] all, int from, int to) throws IOException {
    int at = from;
    while (at < to) {
      int stop = at + fitting(Long.BYTES, to - at);
      for (; at < stop; at++) {
        buffer.putLong(number(all[at]).longValue());
      }
    }
  }

  void boxedDoubles(@Nullable Object[] all, int from, int to) throws IOException {
    int at = from;
    while (at < to) {
      int stop = at + fitting(Double.BYTES, to - at);
      for (; at < stop; at++) {
        buffer.putDouble(number(all[at]).doubleValue());
      }
    }
  }

  private static Number number(@Nullable Object value) {
    return (Number) Objects.requireNonNull(value);
  }
}

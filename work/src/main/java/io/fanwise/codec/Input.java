package io.fanwise.codec;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Bytes on their way in, through one buffer that is filled whenever it is empty: what an [Output]
/// wrote.
///
/// It believes no length: memory is taken as the bytes for it arrive. Confined to one thread.
public final class Input {
  private static final int VARINT_BYTES = 5;

  /// Bytes that are taken on trust: less than any worker's heap would notice.
  static final int TRUSTED = 1 << 20;

  /// What has arrived, times this, is the most that is taken next: an eighth is copied once.
  private static final int GROWTH = 8;

  private final ByteBuffer buffer;
  private final Fill fill;

  /// Bytes that go through a buffer.
  ///
  /// @param buffer belongs to the input from now on; what remains in it is read first; has room for
  ///   64 KB, better direct, or all there is in it
  /// @param fill puts more into it
  public Input(ByteBuffer buffer, Fill fill) {
    this.buffer = buffer.order(ByteOrder.LITTLE_ENDIAN);
    this.fill = fill;
  }

  /// Bytes that are all here.
  ///
  /// @param bytes belong to the input from now on
  /// @return an input that ends with them
  public static Input of(byte[] bytes) {
    return new Input(
        ByteBuffer.wrap(bytes),
        empty -> {
          throw new EOFException("there are only " + bytes.length + " bytes");
        });
  }

  private ByteBuffer have(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      more(bytes);
    }
    return buffer;
  }

  private void more(int bytes) throws IOException {
    if (bytes > buffer.capacity()) {
      throw new EOFException("there is only room for " + buffer.capacity() + " bytes");
    }
    buffer.compact();
    try {
      while (buffer.position() < bytes) {
        fill.fill(buffer);
      }
    } finally {
      buffer.flip();
    }
  }

  private int available(int size, int wanted) throws IOException {
    return Math.min(have(size).remaining() / size, wanted);
  }

  /// Reads a byte.
  ///
  /// @return 0 to 255
  /// @throws IOException if there is none
  public int u8() throws IOException {
    return have(1).get() & 0xff;
  }

  /// Reads two bytes.
  ///
  /// @return 0 to 65535
  /// @throws IOException if there are none
  public int u16() throws IOException {
    return have(Short.BYTES).getShort() & 0xffff;
  }

  /// Reads a number of four bytes.
  ///
  /// @return the number
  /// @throws IOException if there is none
  public int i32() throws IOException {
    return have(Integer.BYTES).getInt();
  }

  /// Reads a number of eight bytes.
  ///
  /// @return the number
  /// @throws IOException if there is none
  public long i64() throws IOException {
    return have(Long.BYTES).getLong();
  }

  /// Reads a floating-point number of eight bytes.
  ///
  /// @return the number
  /// @throws IOException if there is none
  public double f64() throws IOException {
    return Double.longBitsToDouble(i64());
  }

  /// Reads a number of one to five bytes.
  ///
  /// @return the number
  /// @throws IOException if there is none, or it goes on for longer
  public int varint() throws IOException {
    int value = 0;
    for (int i = 0; i < VARINT_BYTES; i++) {
      int next = u8();
      value |= (next & 0x7f) << (7 * i);
      if (next < 0x80) {
        return value;
      }
    }
    throw new MalformedFrame("a number of more than five bytes");
  }

  /// Reads a number of things.
  ///
  /// @return 0 or more
  /// @throws IOException if there is none, or it is negative
  public int length() throws IOException {
    int length = varint();
    if (length < 0) {
      throw new MalformedFrame("a length of " + length);
    }
    return length;
  }

  /// Reads text.
  ///
  /// @return the text
  /// @throws IOException if there is none
  public String string() throws IOException {
    int kind = u8();
    if (kind != Text.LATIN1 && kind != Text.UTF16) {
      throw new MalformedFrame("a text of kind " + kind);
    }
    return Text.read(this, length(), kind == Text.LATIN1);
  }

  /// Reads bytes.
  ///
  /// @param count how many
  /// @return as many
  /// @throws IOException if there are fewer
  public byte[] bytes(int count) throws IOException {
    if (count <= buffer.remaining()) {
      byte[] bytes = new byte[count];
      buffer.get(bytes);
      return bytes;
    }
    return (byte[]) array(Tag.BYTES, count);
  }

  /// Reads bytes into an array.
  void bytes(byte[] into, int from, int count) throws IOException {
    fill(into, from, from + count);
  }

  /// Reads past bytes.
  void skip(int count) throws IOException {
    int rest = count;
    while (rest > 0) {
      int length = available(1, rest);
      buffer.position(buffer.position() + length);
      rest -= length;
    }
  }

  String latin1(int length) throws IOException {
    if (buffer.hasArray() && length <= buffer.remaining()) {
      int at = buffer.arrayOffset() + buffer.position();
      buffer.position(buffer.position() + length);
      return new String(buffer.array(), at, length, StandardCharsets.ISO_8859_1);
    }
    return new String(bytes(length), StandardCharsets.ISO_8859_1);
  }

  /// Reads a primitive array, which grows as its elements arrive if it claims to be large.
  Object array(int tag, int length) throws IOException {
    Object array = Bulk.create(tag, 0);
    int size = Bulk.size(array);
    int have = 0;
    int next = Math.min(length, TRUSTED / size);
    while (true) {
      Object larger = room(tag, next, (long) length * size);
      System.arraycopy(array, 0, larger, 0, have);
      fill(larger, have, next);
      if (next == length) {
        return larger;
      }
      array = larger;
      have = next;
      next = (int) Math.min(length, (long) next * GROWTH);
    }
  }

  private static Object room(int tag, int length, long bytesInAll) {
    try {
      return Bulk.create(tag, length);
    } catch (OutOfMemoryError e) {
      throw new OutOfMemoryError(
          "an array of "
              + bytesInAll
              + " bytes does not fit into the heap, whose limit is "
              + Runtime.getRuntime().maxMemory()
              + " bytes");
    }
  }

  private void fill(Object array, int from, int to) throws IOException {
    int size = Bulk.size(array);
    int at = from;
    while (at < to) {
      int length = available(size, to - at);
      Bulk.get(buffer, array, at, length);
      at += length;
    }
  }
}

package io.fanwise.shared;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.Array;
import org.jspecify.annotations.Nullable;

/// What primitive arrays consist of.
enum Element {
  BOOLEAN(boolean.class, 1),
  BYTE(byte.class, 1),
  SHORT(short.class, 2),
  CHAR(char.class, 2),
  INT(int.class, 4),
  FLOAT(float.class, 4),
  LONG(long.class, 8),
  DOUBLE(double.class, 8);

  private static final int MAX_ARRAY = Integer.MAX_VALUE - 2; // what HotSpot can allocate

  private final Class<?> type;
  private final int width;

  Element(Class<?> type, int width) {
    this.type = type;
    this.width = width;
  }

  /// What an array consists of, or null if it is not an array of primitives.
  static @Nullable Element of(Object array) {
    Class<?> type = array.getClass().getComponentType();
    if (type == null || !type.isPrimitive()) {
      return null;
    }
    for (Element element : values()) {
      if (element.type == type) {
        return element;
      }
    }
    return null;
  }

  /// How many bytes one takes.
  int width() {
    return width;
  }

  /// How many bytes so many take.
  ///
  /// @throws IllegalArgumentException if there cannot be so many
  long bytes(long size) {
    if (size < 0 || size > Long.MAX_VALUE / width) {
      throw new IllegalArgumentException(
          "size must be from 0 to %,d, was %,d".formatted(Long.MAX_VALUE / width, size));
    }
    return size * width;
  }

  /// A new array that holds what is in memory.
  Object array(MemorySegment memory) {
    Object target = carrier(memory.byteSize());
    carrying().segment(target).copyFrom(memory);
    return carried(target);
  }

  /// A new array that holds what lies somewhere.
  Object read(Location location) {
    Object target = carrier(location.bytes());
    location.read(carrying().segment(target));
    return carried(target);
  }

  private Object carrier(long bytes) {
    long size = bytes / width;
    if (size > MAX_ARRAY) {
      throw new IllegalArgumentException(
          "An array takes at most %,d elements, not %,d: take a part, or the segment()"
              .formatted(MAX_ARRAY, size));
    }
    return Array.newInstance(carrying().type, (int) size);
  }

  // a segment cannot be of booleans
  private Element carrying() {
    return this == BOOLEAN ? BYTE : this;
  }

  private Object carried(Object array) {
    return this == BOOLEAN ? booleans((byte[]) array) : array;
  }

  private static boolean[] booleans(byte[] bytes) {
    var booleans = new boolean[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      booleans[i] = bytes[i] != 0;
    }
    return booleans;
  }

  /// The memory of an array of these; of a copy, if it is one of booleans.
  MemorySegment segment(Object array) {
    // by the constant, not by the type: a switch over types takes milliseconds the first time
    return switch (this) {
      case BOOLEAN -> MemorySegment.ofArray(bytes((boolean[]) array));
      case BYTE -> MemorySegment.ofArray((byte[]) array);
      case SHORT -> MemorySegment.ofArray((short[]) array);
      case CHAR -> MemorySegment.ofArray((char[]) array);
      case INT -> MemorySegment.ofArray((int[]) array);
      case FLOAT -> MemorySegment.ofArray((float[]) array);
      case LONG -> MemorySegment.ofArray((long[]) array);
      case DOUBLE -> MemorySegment.ofArray((double[]) array);
    };
  }

  private static byte[] bytes(boolean[] booleans) {
    var bytes = new byte[booleans.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (booleans[i] ? 1 : 0);
    }
    return bytes;
  }
}

package io.fanwise.shared;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.Array;
import java.util.function.Consumer;
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
    return filled(memory.byteSize(), target -> target.copyFrom(memory));
  }

  /// A new array that holds what lies somewhere.
  Object read(Location location) {
    return filled(location.bytes(), location::read);
  }

  private Object filled(long bytes, Consumer<MemorySegment> source) {
    long size = bytes / width;
    if (size > MAX_ARRAY) {
      throw new IllegalArgumentException(
          "An array takes at most %,d elements, not %,d: take a part, or the segment()"
              .formatted(MAX_ARRAY, size));
    }
    if (this == BOOLEAN) {
      var target = new byte[(int) size];
      source.accept(MemorySegment.ofArray(target));
      return booleans(target);
    }
    Object array = Array.newInstance(type, (int) size);
    source.accept(segment(array));
    return array;
  }

  private static boolean[] booleans(byte[] bytes) {
    var booleans = new boolean[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      booleans[i] = bytes[i] != 0;
    }
    return booleans;
  }

  /// The memory of an array of primitives; of a copy, if it is one of booleans.
  static MemorySegment segment(Object array) {
    return switch (array) {
      case byte[] bytes -> MemorySegment.ofArray(bytes);
      case short[] shorts -> MemorySegment.ofArray(shorts);
      case char[] chars -> MemorySegment.ofArray(chars);
      case int[] ints -> MemorySegment.ofArray(ints);
      case float[] floats -> MemorySegment.ofArray(floats);
      case long[] longs -> MemorySegment.ofArray(longs);
      case double[] doubles -> MemorySegment.ofArray(doubles);
      case boolean[] booleans -> MemorySegment.ofArray(bytes(booleans));
      default -> throw new IllegalArgumentException("not an array of primitives: " + array);
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

package io.fanwise.codec;

import java.nio.ByteBuffer;

/// The eight kinds of primitive arrays, moved between heap and buffer many elements at a time.
final class Bulk {
  private Bulk() {}

  static int size(Object array) {
    if (array instanceof byte[] || array instanceof boolean[]) {
      return 1;
    }
    if (array instanceof short[] || array instanceof char[]) {
      return 2;
    }
    if (array instanceof int[] || array instanceof float[]) {
      return 4;
    }
    if (array instanceof long[] || array instanceof double[]) {
      return 8;
    }
    throw new IllegalArgumentException(array.getClass() + " is not a primitive array");
  }

  static int length(Object array) {
    return java.lang.reflect.Array.getLength(array);
  }

  static Object create(int tag, int length) {
    return switch (tag) {
      case Tag.BOOLEANS -> new boolean[length];
      case Tag.BYTES -> new byte[length];
      case Tag.SHORTS -> new short[length];
      case Tag.CHARS -> new char[length];
      case Tag.INTS -> new int[length];
      case Tag.LONGS -> new long[length];
      case Tag.FLOATS -> new float[length];
      case Tag.DOUBLES -> new double[length];
      default -> throw new IllegalArgumentException("tag " + tag + " is not of an array");
    };
  }

  /// Puts elements into a buffer that has room for them.
  static void put(ByteBuffer buffer, Object array, int from, int count) {
    if (array instanceof int[] ints) {
      buffer.asIntBuffer().put(ints, from, count);
    } else if (array instanceof long[] longs) {
      buffer.asLongBuffer().put(longs, from, count);
    } else if (array instanceof double[] doubles) {
      buffer.asDoubleBuffer().put(doubles, from, count);
    } else if (array instanceof float[] floats) {
      buffer.asFloatBuffer().put(floats, from, count);
    } else if (array instanceof char[] chars) {
      buffer.asCharBuffer().put(chars, from, count);
    } else if (array instanceof short[] shorts) {
      buffer.asShortBuffer().put(shorts, from, count);
    } else if (array instanceof boolean[] booleans) {
      int start = buffer.position();
      for (int i = 0; i < count; i++) {
        buffer.put(start + i, booleans[from + i] ? (byte) 1 : 0);
      }
    } else {
      buffer.slice().put((byte[]) array, from, count);
    }
    buffer.position(buffer.position() + count * size(array));
  }

  /// Gets elements from a buffer that has them.
  static void get(ByteBuffer buffer, Object array, int from, int count) {
    if (array instanceof int[] ints) {
      buffer.asIntBuffer().get(ints, from, count);
    } else if (array instanceof long[] longs) {
      buffer.asLongBuffer().get(longs, from, count);
    } else if (array instanceof double[] doubles) {
      buffer.asDoubleBuffer().get(doubles, from, count);
    } else if (array instanceof float[] floats) {
      buffer.asFloatBuffer().get(floats, from, count);
    } else if (array instanceof char[] chars) {
      buffer.asCharBuffer().get(chars, from, count);
    } else if (array instanceof short[] shorts) {
      buffer.asShortBuffer().get(shorts, from, count);
    } else if (array instanceof boolean[] booleans) {
      int start = buffer.position();
      for (int i = 0; i < count; i++) {
        booleans[from + i] = buffer.get(start + i) != 0;
      }
    } else {
      buffer.slice().get((byte[]) array, from, count);
    }
    buffer.position(buffer.position() + count * size(array));
  }
}

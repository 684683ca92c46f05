package io.fanwise.shared;

import java.io.DataOutputStream;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Arguments and answers as bytes: nothing, numbers, users' values, and lists of these.
final class Wire {
  private static final byte NOTHING = 0;
  private static final byte NUMBER = 1;
  private static final byte PARCEL = 2;
  private static final byte LIST = 3;

  /// What else may be in a frame besides a value.
  private static final int OVERHEAD = 64;

  private Wire() {}

  static void write(DataOutputStream out, @Nullable Object value) throws IOException {
    switch (value) {
      case null -> out.writeByte(NOTHING);
      case Long number -> {
        out.writeByte(NUMBER);
        out.writeLong(number);
      }
      case Parcel parcel -> {
        byte[] bytes = parcel.bytes();
        long all = (long) out.size() + bytes.length + OVERHEAD;
        if (all > Frames.LONGEST) {
          throw new IllegalArgumentException(
              "too much for one message: " + Values.tooLarge(all, Frames.LONGEST));
        }
        out.writeByte(PARCEL);
        out.writeInt(bytes.length);
        out.write(bytes);
      }
      case Object[] list -> {
        out.writeByte(LIST);
        out.writeInt(list.length);
        for (Object each : list) {
          write(out, each);
        }
      }
      default -> throw new IllegalArgumentException("cannot write a " + value.getClass().getName());
    }
  }

  /// @param longest how many elements a list may have
  static @Nullable Object read(ByteBuffer in, int longest) throws ProtocolException {
    byte tag = in.get();
    if (tag != LIST) {
      return one(tag, in);
    }
    @Nullable Object[] list = new @Nullable Object[Math.min(longest, length(in))];
    for (int i = 0; i < list.length; i++) {
      list[i] = one(in.get(), in);
    }
    return list;
  }

  /// A list in a list is as malformed as a tag that is none: nothing nests.
  private static @Nullable Object one(byte tag, ByteBuffer in) throws ProtocolException {
    return switch (tag) {
      case NOTHING -> null;
      case NUMBER -> in.getLong();
      case PARCEL -> {
        byte[] bytes = new byte[length(in)];
        in.get(bytes);
        yield Parcel.encoded(bytes);
      }
      default -> throw new ProtocolException("malformed frame: there is no tag " + tag);
    };
  }

  private static int length(ByteBuffer in) throws ProtocolException {
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new ProtocolException(
          "malformed frame: a length of " + length + ", but " + in.remaining() + " bytes are left");
    }
    return length;
  }
}

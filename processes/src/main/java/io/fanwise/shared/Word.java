package io.fanwise.shared;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What travels instead of something shared, in a few bytes: word of where it is.
///
/// The JDK's object streams can carry that too, but to read from the first one costs a cold worker
/// more processor time than all the rest of a first task.
@SuppressWarnings("EnumOrdinal") // both ends run the same jar
final class Word {
  private static final byte COPIED = 0;
  private static final byte ARRAY = 1;
  private static final byte OBJECT = 2;
  private static final byte END = 3;

  private Word() {}

  /// Word of something shared that users have in their hands.
  ///
  /// @return null if it is something else
  static byte @Nullable [] of(Object shared) {
    if (!isOurs(shared.getClass())) {
      return null; // before classes of ours are loaded to tell it from
    }
    SharedReference array = array(shared);
    if (array != null) {
      return bytes(ARRAY, array.element(), array.location(), array.offset(), array.size());
    }
    if (shared instanceof SharedPipe.End<?> end) {
      Reference pipe = end.line.reference();
      return ByteBuffer.allocate(1 + 3 * Long.BYTES)
          .put(END)
          .putLong(pipe.home())
          .putLong(pipe.id())
          .putLong(end.side)
          .array();
    }
    Line line = Kind.line(shared);
    return line == null ? null : of(line.reference());
  }

  private static byte[] of(Reference object) {
    return ByteBuffer.allocate(2 + 2 * Long.BYTES)
        .put(OBJECT)
        .put((byte) object.kind().ordinal())
        .putLong(object.home())
        .putLong(object.id())
        .array();
  }

  private static boolean isOurs(Class<?> type) {
    return Objects.equals(type.getClassLoader(), Word.class.getClassLoader())
        && type.getPackageName().equals(Word.class.getPackageName());
  }

  private static @Nullable SharedReference array(Object shared) {
    // no switch over types, here and in Kind: it takes milliseconds the first time
    if (shared instanceof SharedDoubles doubles) {
      return doubles.span.reference();
    }
    if (shared instanceof SharedLongs longs) {
      return longs.span.reference();
    }
    if (shared instanceof SharedInts ints) {
      return ints.span.reference();
    }
    return shared instanceof SharedBytes bytes ? bytes.span.reference() : null;
  }

  /// Word of memory from which an array is to be made.
  static byte[] ofCopied(Element element, Location location) {
    return bytes(COPIED, element, location, 0, location.bytes() / element.width());
  }

  private static byte[] bytes(
      byte what, Element element, Location location, long offset, long size) {
    byte[] id = location.id().getBytes(StandardCharsets.UTF_8);
    byte[] path = location.path().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(3 + 3 * Long.BYTES + 2 * Integer.BYTES + id.length + path.length)
        .put(what)
        .put((byte) element.ordinal())
        .put((byte) location.access().ordinal())
        .putLong(location.bytes())
        .putLong(offset)
        .putLong(size)
        .putInt(id.length)
        .put(id)
        .putInt(path.length)
        .put(path)
        .array();
  }

  /// What word has come of: a new array, or what users share.
  ///
  /// @throws IllegalArgumentException if these bytes are no word
  /// @throws IllegalStateException if it is not there any more
  static Object arrived(byte[] word) {
    ByteBuffer in = ByteBuffer.wrap(word);
    try {
      byte what = in.get();
      return switch (what) {
        case COPIED, ARRAY -> memory(what, in);
        case OBJECT -> Broker.arrived(reference(in));
        case END -> new SharedPipe.Sent(in.getLong(), in.getLong(), in.getLong()).end();
        default -> throw new IndexOutOfBoundsException("there is no kind " + what);
      };
    } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
      throw new IllegalArgumentException(
          "these %,d bytes are no word of something shared".formatted(word.length), e);
    }
  }

  private static Reference reference(ByteBuffer in) {
    Kind kind = Kind.values()[in.get()];
    return new Reference(in.getLong(), kind, in.getLong());
  }

  private static Object memory(byte what, ByteBuffer in) {
    Element element = Element.values()[in.get()];
    Access access = Access.values()[in.get()];
    long bytes = in.getLong();
    long offset = in.getLong();
    long size = in.getLong();
    var location = new Location(text(in), text(in), bytes, access);
    return what == COPIED
        ? element.read(location)
        : new SharedReference(element, location, offset, size).array();
  }

  private static String text(ByteBuffer in) {
    byte[] bytes = new byte[Objects.checkIndex(in.getInt(), in.remaining() + 1)];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}

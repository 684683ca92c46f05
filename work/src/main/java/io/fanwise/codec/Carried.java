package io.fanwise.codec;

import java.io.Serializable;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the JDK's object streams carry for something that is not serializable itself.
final class Carried implements Serializable {
  private static final long serialVersionUID = 1;

  /// What it is.
  private final int tag;

  /// Its class, if it is a record.
  private final Class<?> type;

  /// What it consists of.
  @SuppressWarnings("serial") // what is in it decides
  private final @Nullable Object[] parts;

  Carried(int tag, Class<?> type, @Nullable Object[] parts) {
    this.tag = tag;
    this.type = type;
    this.parts = parts;
  }

  /// Something that the frame has already.
  ///
  /// @param handle which
  record Earlier(int handle) implements Serializable {}

  /// The number of a class that travels without a name because it is one of these; 0 for all
  /// others.
  static int number(Class<?> type) {
    return type == Carried.class ? -1 : type == Earlier.class ? -2 : 0;
  }

  /// The class that has a negative number.
  static Class<?> ofNumber(int number) {
    return number == -1 ? Carried.class : Earlier.class;
  }

  /// Takes apart what is neither record nor array.
  static Carried of(int tag, Object object) {
    if (object instanceof Optional<?> optional) {
      return new Carried(tag, Object.class, new @Nullable Object[] {optional.orElse(null)});
    }
    if (object instanceof Collection<?> collection) {
      return new Carried(tag, Object.class, collection.toArray());
    }
    if (object instanceof Map<?, ?> map) {
      @Nullable Object[] parts = new Object[2 * map.size()];
      int at = 0;
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        parts[at++] = entry.getKey();
        parts[at++] = entry.getValue();
      }
      return new Carried(tag, Object.class, parts);
    }
    return new Carried(tag, Object.class, new Object[] {Scalars.bytes(tag, object)});
  }

  /// Puts it together again.
  Object restore(Passage passage) throws Throwable {
    return switch (tag) {
      case Tag.RECORD -> Shape.of(type).create(parts);
      case Tag.STAND_IN -> passage.restore(part());
      default ->
          tag <= Tag.LAST_SCALAR ? Scalars.value(tag, (byte[]) part()) : Build.of(tag, parts);
    };
  }

  private Object part() {
    Object part = parts[0];
    if (part == null) {
      throw new IllegalArgumentException("null in the place of a part");
    }
    return part;
  }
}

package io.fanwise.codec;

import java.io.IOException;
import java.io.InvalidObjectException;
import java.lang.reflect.Array;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What exists before its parts do: arrays, and the collections that are filled one by one.
///
/// Confined to one thread.
final class Containers {
  private final Decoder decoder;
  private final Input in;
  private final Seen seen;

  Containers(Decoder decoder, Input in, Seen seen) {
    this.decoder = decoder;
    this.in = in;
    this.seen = seen;
  }

  @SuppressWarnings("JdkObsolete") // a LinkedList arrives as one
  @Nullable Object read(int tag, int handle) throws IOException {
    return switch (tag) {
      case Tag.ENUM -> constant();
      case Tag.BOOLEANS,
          Tag.BYTES,
          Tag.SHORTS,
          Tag.CHARS,
          Tag.INTS,
          Tag.LONGS,
          Tag.FLOATS,
          Tag.DOUBLES ->
          in.array(tag, in.length());
      case Tag.STAND_IN -> restored(decoder.read());
      case Tag.OBJECTS -> objects(handle);
      case Tag.ARRAY_LIST -> {
        int size = in.length();
        yield elements(handle, new ArrayList<>(Math.min(size, Decoder.TRUSTED)), size);
      }
      case Tag.LINKED_LIST -> elements(handle, new LinkedList<>(), in.length());
      case Tag.ARRAY_DEQUE -> elements(handle, new ArrayDeque<>(), in.length());
      case Tag.HASH_SET -> {
        int size = in.length();
        yield elements(handle, new HashSet<>(capacity(size)), size);
      }
      case Tag.LINKED_HASH_SET -> {
        int size = in.length();
        yield elements(handle, new LinkedHashSet<>(capacity(size)), size);
      }
      case Tag.TREE_SET -> elements(handle, new TreeSet<>(comparator()), in.length());
      case Tag.HASH_MAP -> {
        int size = in.length();
        yield entries(handle, new HashMap<>(capacity(size)), size);
      }
      case Tag.LINKED_HASH_MAP -> {
        int size = in.length();
        yield entries(handle, new LinkedHashMap<>(capacity(size)), size);
      }
      case Tag.TREE_MAP -> entries(handle, new TreeMap<>(comparator()), in.length());
      case Tag.CONCURRENT_HASH_MAP -> entries(handle, new ConcurrentHashMap<>(), in.length());
      case Tag.ENUM_MAP -> enumMap(handle);
      default -> throw new MalformedFrame("tag " + tag);
    };
  }

  private static int capacity(int size) {
    return Math.min(size, Decoder.TRUSTED) * 4 / 3 + 1;
  }

  @SuppressWarnings("unchecked")
  private @Nullable Comparator<@Nullable Object> comparator() throws IOException {
    Object comparator = decoder.read();
    if (comparator instanceof Comparator) {
      return (Comparator<@Nullable Object>) comparator;
    }
    if (comparator != null) {
      decoder.fail(new InvalidObjectException(comparator.getClass() + " compares nothing"));
    }
    return null;
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private @Nullable Object constant() throws IOException {
    Class<?> type = decoder.type();
    String name = in.string();
    if (type == null) {
      return null;
    }
    try {
      return Enum.valueOf((Class) type.asSubclass(Enum.class), name);
    } catch (RuntimeException | LinkageError e) {
      decoder.fail(e);
      return null;
    }
  }

  private @Nullable Object restored(@Nullable Object standIn) {
    if (standIn == null || decoder.failed()) {
      decoder.fail(new InvalidObjectException("nothing stands in for a value"));
      return null;
    }
    try {
      return decoder.passage().restore(standIn);
    } catch (RuntimeException | Error e) {
      decoder.fail(e);
      return null;
    }
  }

  private @Nullable Object objects(int handle) throws IOException {
    Class<?> component = decoder.type();
    int length = in.length();
    if (component == null || component == void.class || component.isPrimitive()) {
      decoder.fail(new InvalidObjectException("an array of " + component));
      decoder.parts(length);
      return null;
    }
    if (length > Encoder.LONG_ARRAY) {
      @Nullable Object[] parts = decoder.parts(length);
      return decoder.failed() ? null : copy(parts, component);
    }
    @Nullable Object[] array = (@Nullable Object[]) Array.newInstance(component, length);
    seen.grows(handle, array);
    for (int i = 0; i < length; i++) {
      Object part = decoder.read();
      try {
        array[i] = part;
      } catch (ArrayStoreException e) {
        decoder.fail(e);
      }
    }
    return array;
  }

  private @Nullable Object copy(@Nullable Object[] parts, Class<?> component) {
    Object array = Array.newInstance(component, parts.length);
    try {
      System.arraycopy(parts, 0, array, 0, parts.length);
      return array;
    } catch (ArrayStoreException e) {
      decoder.fail(e);
      return null;
    }
  }

  private Object elements(int handle, Collection<@Nullable Object> into, int size)
      throws IOException {
    seen.grows(handle, into);
    for (int i = 0; i < size; i++) {
      Object element = decoder.read();
      if (!decoder.failed()) {
        try {
          into.add(element);
        } catch (RuntimeException | Error e) {
          decoder.fail(e);
        }
      }
    }
    return into;
  }

  private Object entries(int handle, Map<@Nullable Object, @Nullable Object> into, int size)
      throws IOException {
    seen.grows(handle, into);
    for (int i = 0; i < size; i++) {
      Object key = decoder.read();
      Object value = decoder.read();
      if (!decoder.failed()) {
        try {
          into.put(key, value);
        } catch (RuntimeException | Error e) {
          decoder.fail(e);
        }
      }
    }
    return into;
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private @Nullable Object enumMap(int handle) throws IOException {
    Class<?> type = decoder.type();
    int size = in.length();
    Map map = new HashMap<>();
    if (type != null) {
      try {
        map = new EnumMap(type);
      } catch (RuntimeException e) {
        decoder.fail(e);
      }
    }
    return entries(handle, map, size);
  }
}

package io.fanwise.codec;

import java.io.IOException;
import java.io.InvalidObjectException;
import java.lang.reflect.Array;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
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

/// Turns bytes into values again: what an [Encoder] wrote.
///
/// A value that cannot be rebuilt is read to its end all the same, so the next one is not hurt.
/// Confined to one thread.
public final class Decoder {
  /// What is taken on trust before the elements arrive.
  private static final int TRUSTED = 1 << 12;

  private final Input in;
  private final Passage passage;
  private final Seen seen = new Seen();
  private @Nullable SerialInput stream;
  private @Nullable Throwable trouble;
  private int depth;

  /// A decoder that reads from an input.
  ///
  /// @param in has the bytes
  /// @param passage what surrounds it
  public Decoder(Input in, Passage passage) {
    this.in = in;
    this.passage = passage;
  }

  /// Forgets what was read: a new frame begins, at the other end as well.
  public void reset() {
    seen.keep(0);
    stream = null;
  }

  /// Reads a value.
  ///
  /// @return the value, which is null if that is what was written
  /// @throws CannotTravel if it cannot be rebuilt here; all of it was read
  /// @throws MalformedFrame if it is none
  /// @throws IOException if the channel fails
  public @Nullable Object value() throws IOException {
    return root(in.u8());
  }

  /// Reads values that were written together.
  ///
  /// @param count how many
  /// @param refused finds something to take the place of what cannot be rebuilt
  /// @return the values
  /// @throws MalformedFrame if they are none
  /// @throws IOException if the channel fails
  public @Nullable Object[] values(int count, Refused refused) throws IOException {
    @Nullable Object[] values = new Object[Math.min(count, TRUSTED)];
    int at = 0;
    while (at < count) {
      int tag = in.u8();
      if (tag == Tag.RUN) {
        int length = Runs.length(in, count - at);
        values = room(values, at, length, count);
        at = Runs.read(in, values, at, length);
      } else {
        values = room(values, at, 1, count);
        try {
          values[at] = root(tag);
        } catch (CannotTravel e) {
          values[at] = refused.instead(at, e);
        }
        at++;
      }
    }
    return values.length == count ? values : Arrays.copyOf(values, count);
  }

  private static @Nullable Object[] room(@Nullable Object[] values, int at, int more, int count) {
    return at + more <= values.length
        ? values
        : Arrays.copyOf(values, Math.min(count, Math.max(at + more, 2 * values.length)));
  }

  private @Nullable Object root(int first) throws IOException {
    int known = seen.size();
    int tag = first;
    while (true) {
      trouble = null;
      depth = 0;
      seen.keep(known);
      try {
        Object value = read(tag);
        if (trouble != null) {
          seen.failLoops(known, trouble);
          throw refusal(trouble);
        }
        return value;
      } catch (Again e) {
        tag = in.u8();
      } catch (StackOverflowError e) {
        throw new MalformedFrame("values in values, too deep for this thread's stack");
      }
    }
  }

  private static CannotTravel refusal(Throwable trouble) {
    if (trouble instanceof CannotTravel why) {
      return why;
    }
    return trouble instanceof ClassNotFoundException
        ? new CannotTravel("class " + trouble.getMessage() + " was not found", trouble)
        : new CannotTravel("it could not be rebuilt: " + trouble, trouble);
  }

  /// The stream of the value before, if all went well with it.
  @Nullable SerialInput takeStream() {
    SerialInput taken = stream;
    stream = null;
    return taken;
  }

  void putStream(SerialInput whole) {
    stream = whole;
  }

  Passage passage() {
    return passage;
  }

  /// Remembers why this value cannot be rebuilt, and lets the rest of it be read.
  void fail(Throwable why) {
    if (trouble == null) {
      trouble = why;
    }
  }

  boolean failed() {
    return trouble != null;
  }

  @Nullable Object read() throws IOException {
    return read(in.u8());
  }

  private @Nullable Object read(int tag) throws IOException {
    return switch (tag) {
      case Tag.NULL -> null;
      case Tag.TRUE -> true;
      case Tag.FALSE -> false;
      case Tag.BYTE -> (byte) in.u8();
      case Tag.SHORT -> (short) in.u16();
      case Tag.CHAR -> (char) in.u16();
      case Tag.INT -> in.i32();
      case Tag.LONG -> in.i64();
      case Tag.FLOAT -> Float.intBitsToFloat(in.i32());
      case Tag.DOUBLE -> in.f64();
      case Tag.LATIN1 -> Text.read(in, in.length(), true);
      case Tag.UTF16 -> Text.read(in, in.length(), false);
      case Tag.SEEN -> handle(in.varint());
      case Tag.AGAIN -> throw new Again();
      case Tag.SERIAL -> serial();
      case Tag.CLASS -> type();
      default -> {
        if (tag >= Tag.FIRST_SCALAR && tag <= Tag.LAST_SCALAR) {
          yield scalar(tag);
        }
        yield composite(tag);
      }
    };
  }

  /// Reads what consists of others. What fails in one part fails what it is a part of, and nothing
  /// else: its neighbours may be seen again.
  private @Nullable Object composite(int tag) throws IOException {
    if (++depth > Encoder.DEEPEST) {
      throw new MalformedFrame("values in values, more than " + Encoder.DEEPEST + " deep");
    }
    int handle = seen.open();
    Throwable before = trouble;
    trouble = null;
    Object value = tag >= Tag.FIRST_CLOSED ? closed(tag) : container(tag, handle);
    if (value == null && trouble == null) {
      trouble = new InvalidObjectException("nothing was built");
    }
    if (value != null && trouble == null) {
      seen.done(handle, value);
    } else if (trouble != null) {
      seen.failed(handle, trouble);
    }
    if (before != null) {
      trouble = before;
    }
    depth--;
    return value;
  }

  private @Nullable Object scalar(int tag) throws IOException {
    try {
      return Scalars.read(in, tag);
    } catch (RuntimeException e) {
      fail(e);
      return null;
    }
  }

  private @Nullable Object serial() throws IOException {
    SerialInput.Result result = SerialInput.read(this, in);
    if (result.givenUp()) {
      throw new Again();
    }
    if (result.why() != null) {
      fail(result.why());
    }
    return result.value();
  }

  /// What was read before.
  private @Nullable Object handle(int handle) throws MalformedFrame {
    if (!seen.has(handle)) {
      throw new MalformedFrame("value " + handle + " of the " + seen.size() + " seen");
    }
    Throwable why = seen.fault(handle);
    if (why != null) {
      fail(why);
      return null;
    }
    return seen.value(handle);
  }

  /// Reads a class that may be needed later.
  void learn() throws IOException {
    Throwable before = trouble;
    type();
    trouble = before;
  }

  /// A class that was read before, for the JDK's streams.
  ///
  /// @throws ClassNotFoundException if it was not found
  Class<?> known(int handle) throws ClassNotFoundException {
    Throwable why = seen.has(handle) ? seen.fault(handle) : null;
    if (why instanceof ClassNotFoundException missing) {
      throw missing;
    }
    if (why == null && seen.has(handle) && seen.value(handle) instanceof Class<?> type) {
      return type;
    }
    throw new ClassNotFoundException("number " + handle, why);
  }

  /// What was read before, for the JDK's streams.
  ///
  /// @throws InvalidObjectException if it is not there
  Object earlier(int handle) throws InvalidObjectException {
    if (!seen.has(handle) || seen.fault(handle) != null) {
      throw new InvalidObjectException("it refers to a value that could not be rebuilt");
    }
    return seen.value(handle);
  }

  @SuppressWarnings("JdkObsolete") // a LinkedList arrives as one
  private @Nullable Object container(int tag, int handle) throws IOException {
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
      case Tag.STAND_IN -> restored(read());
      case Tag.OBJECTS -> objects(handle);
      case Tag.ARRAY_LIST -> {
        int size = in.length();
        yield elements(handle, new ArrayList<>(Math.min(size, TRUSTED)), size);
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
    return Math.min(size, TRUSTED) * 4 / 3 + 1;
  }

  @SuppressWarnings("unchecked")
  private @Nullable Comparator<@Nullable Object> comparator() throws IOException {
    Object comparator = read();
    if (comparator instanceof Comparator) {
      return (Comparator<@Nullable Object>) comparator;
    }
    if (comparator != null) {
      fail(new InvalidObjectException(comparator.getClass() + " compares nothing"));
    }
    return null;
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private @Nullable Object constant() throws IOException {
    Class<?> type = type();
    String name = in.string();
    if (type == null) {
      return null;
    }
    try {
      return Enum.valueOf((Class) type.asSubclass(Enum.class), name);
    } catch (RuntimeException | LinkageError e) {
      fail(e);
      return null;
    }
  }

  private @Nullable Object restored(@Nullable Object standIn) {
    if (standIn == null || failed()) {
      fail(new InvalidObjectException("nothing stands in for an array"));
      return null;
    }
    try {
      return passage.restore(standIn);
    } catch (RuntimeException | Error e) {
      fail(e);
      return null;
    }
  }

  private @Nullable Object objects(int handle) throws IOException {
    Class<?> component = type();
    int length = in.length();
    if (component == null || component == void.class || component.isPrimitive()) {
      fail(new InvalidObjectException("an array of " + component));
      parts(length);
      return null;
    }
    if (length > Encoder.LONG_ARRAY) {
      @Nullable Object[] parts = parts(length);
      return failed() ? null : copy(parts, component);
    }
    @Nullable Object[] array = (@Nullable Object[]) Array.newInstance(component, length);
    seen.grows(handle, array);
    for (int i = 0; i < length; i++) {
      Object part = read();
      try {
        array[i] = part;
      } catch (ArrayStoreException e) {
        fail(e);
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
      fail(e);
      return null;
    }
  }

  private Object elements(int handle, Collection<@Nullable Object> into, int size)
      throws IOException {
    seen.grows(handle, into);
    for (int i = 0; i < size; i++) {
      Object element = read();
      if (!failed()) {
        try {
          into.add(element);
        } catch (RuntimeException | Error e) {
          fail(e);
        }
      }
    }
    return into;
  }

  private Object entries(int handle, Map<@Nullable Object, @Nullable Object> into, int size)
      throws IOException {
    seen.grows(handle, into);
    for (int i = 0; i < size; i++) {
      Object key = read();
      Object value = read();
      if (!failed()) {
        try {
          into.put(key, value);
        } catch (RuntimeException | Error e) {
          fail(e);
        }
      }
    }
    return into;
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private @Nullable Object enumMap(int handle) throws IOException {
    Class<?> type = type();
    int size = in.length();
    Map map = new HashMap<>();
    if (type != null) {
      try {
        map = new EnumMap(type);
      } catch (RuntimeException e) {
        fail(e);
      }
    }
    return entries(handle, map, size);
  }

  private @Nullable Object closed(int tag) throws IOException {
    return switch (tag) {
      case Tag.RECORD -> record();
      case Tag.LAMBDA -> Closure.read(this, in);
      case Tag.THROWABLE -> Thrown.read(this, in);
      case Tag.OPTIONAL -> built(tag, new @Nullable Object[] {read()});
      case Tag.MAP_OF, Tag.SINGLETON_MAP -> built(tag, pairs(in.length()));
      case Tag.ENUM_SET -> enumSet();
      case Tag.AS_LIST,
          Tag.LIST_OF,
          Tag.NULLS_LIST_OF,
          Tag.SET_OF,
          Tag.SINGLETON_LIST,
          Tag.SINGLETON_SET ->
          built(tag, parts(in.length()));
      default -> throw new MalformedFrame("tag " + tag);
    };
  }

  private @Nullable Object[] pairs(int size) throws IOException {
    if (size > Integer.MAX_VALUE / 2) {
      throw new MalformedFrame("a map of " + size);
    }
    return parts(2 * size);
  }

  /// Reads some values, which grow as they arrive.
  @Nullable Object[] parts(int length) throws IOException {
    @Nullable Object[] parts = new Object[Math.min(length, TRUSTED)];
    for (int i = 0; i < length; i++) {
      parts = room(parts, i, 1, length);
      parts[i] = read();
    }
    return parts;
  }

  private @Nullable Object built(int tag, @Nullable Object[] parts) {
    if (failed()) {
      return null;
    }
    try {
      return Build.of(tag, parts);
    } catch (RuntimeException | Error e) {
      fail(e);
      return null;
    }
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private @Nullable Object enumSet() throws IOException {
    Class<?> type = type();
    @Nullable Object[] parts = parts(in.length());
    if (type == null || failed()) {
      return null;
    }
    try {
      EnumSet set = EnumSet.noneOf((Class) type);
      set.addAll(Arrays.asList(parts));
      return set;
    } catch (RuntimeException | Error e) {
      fail(e);
      return null;
    }
  }

  private @Nullable Object record() throws IOException {
    Class<?> type = type();
    @Nullable Object[] parts = parts(in.length());
    if (type == null || failed()) {
      return null;
    }
    try {
      if (!type.isRecord()) {
        throw new InvalidObjectException(type.getName() + " is not a record here");
      }
      return Shape.of(type).create(parts);
    } catch (Throwable e) {
      fail(e);
      return null;
    }
  }

  /// Reads a class; null if it was not found.
  @Nullable Class<?> type() throws IOException {
    int handle = in.varint();
    if (handle != 0) {
      Object known = handle(handle - 1);
      if (known == null || known instanceof Class) {
        return (Class<?>) known;
      }
      throw new MalformedFrame(known.getClass() + " where a class should be");
    }
    String name = in.string();
    try {
      Class<?> type = Types.find(name, passage);
      seen.done(seen.open(), type);
      return type;
    } catch (ClassNotFoundException | RuntimeException | LinkageError e) {
      seen.failed(seen.open(), e);
      fail(e);
      return null;
    }
  }
}

package io.fanwise.codec;

import io.fanwise.work.Serializer;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Turns values into bytes.
///
/// What was written once in a frame is not written again: two references to one list arrive as two
/// references to one list. If any part of a value is only serializable, such as an object of a
/// plain class, all of that value goes through the JDK's object streams, so that this holds there
/// too.
///
/// Collections arrive as themselves in the order they had. What their classes tell nobody does not
/// travel: capacities, and whether a LinkedHashMap counts accesses. A view, such as a subList,
/// arrives as a collection of its own.
///
/// A value that is refused leaves nothing behind but what the next value makes undone, so its
/// neighbours do not suffer. Confined to one thread.
public final class Encoder {
  /// Deeper than this a value is refused: half of what the default stack of 1 MB holds in the
  /// interpreter, on both sides (RefusalTest).
  static final int DEEPEST = 400;

  /// Arrays of objects that are longer grow while they are read, so they cannot contain themselves.
  static final int LONG_ARRAY = 1 << 12;

  /// Fewer numbers in a row are no shorter together.
  private static final int SHORTEST_RUN = 4;

  private final Output out;
  private final Passage passage;
  private final int threshold;
  private final Handles handles = new Handles();
  private @Nullable SerialOutput stream;
  private int depth;

  /// An encoder that writes to an output.
  ///
  /// @param out takes the bytes
  /// @param passage what surrounds it
  public Encoder(Output out, Passage passage) {
    this.out = out;
    this.passage = passage;
    this.threshold = passage.threshold();
  }

  /// Forgets what was written: a new frame begins, at the other end as well.
  public void reset() {
    handles.keep(0);
    stream = null;
  }

  /// Writes a value.
  ///
  /// @param value the value
  /// @throws CannotTravel if some part of it cannot travel; another value then takes its place: the
  ///   next one written
  /// @throws IOException if the channel fails
  public void value(@Nullable Object value) throws IOException {
    long mark = out.mark();
    int known = handles.size();
    depth = 0;
    try {
      write(value);
    } catch (NeedsStream | Unfit e) {
      undo(mark, known);
      Serializer serializer = passage.serializer();
      if (serializer != null && value != null && !(value instanceof Throwable)) {
        bySerializer(value, serializer);
      } else if (e instanceof NeedsStream) {
        whole(value, mark, known);
      } else {
        throw Trail.refuse(value, e);
      }
    } catch (Channel e) {
      throw e.broken();
    } catch (VirtualMachineError e) {
      brokenOff(value, mark, known, e);
    } catch (RuntimeException | Error e) {
      undo(mark, known);
      throw Trail.refuse(value, e);
    }
  }

  /// Writes values, each on its own: what cannot travel does no harm to the others.
  ///
  /// @param all some of these
  /// @param from the first
  /// @param to where to stop
  /// @param refused finds something to take the place of what cannot travel; its index counts from
  ///   `from`
  /// @throws CannotTravel if that cannot travel either
  /// @throws IOException if the channel fails
  public void values(@Nullable Object[] all, int from, int to, Refused refused) throws IOException {
    int at = from;
    while (at < to) {
      int end = Runs.end(all, at, to);
      if (end - at >= SHORTEST_RUN) {
        Runs.write(out, all, at, end);
        at = end;
      } else {
        try {
          value(all[at]);
        } catch (CannotTravel e) {
          value(refused.instead(at - from, e));
        }
        at++;
      }
    }
  }

  private void undo(long mark, int known) throws IOException {
    handles.keep(known);
    if (!out.rewind(mark)) {
      out.u8(Tag.AGAIN);
    }
  }

  /// It may have struck in the middle of a number, which nothing can follow.
  private void brokenOff(@Nullable Object value, long mark, int known, VirtualMachineError e)
      throws IOException {
    handles.keep(known);
    if (!out.rewind(mark)) {
      throw new IOException("a value was written half when " + e + " struck", e);
    }
    throw Trail.refuse(value, e);
  }

  private void bySerializer(Object value, Serializer serializer) throws IOException {
    byte[] bytes;
    try {
      bytes = serializer.write(value);
      passage.sends(value.getClass());
    } catch (Exception | LinkageError e) {
      throw new CannotTravel(serializer + " cannot write " + value.getClass().getName(), e);
    }
    out.u8(Tag.SERIALIZER);
    out.varint(bytes.length);
    out.bytes(bytes, 0, bytes.length);
  }

  private void whole(@Nullable Object value, long mark, int known) throws IOException {
    try {
      out.u8(Tag.SERIAL);
      SerialOutput.write(value, this, out);
    } catch (Channel e) {
      throw e.broken();
    } catch (VirtualMachineError e) {
      brokenOff(value, mark, known, e);
    } catch (RuntimeException | Error | InvalidObjectException e) {
      undo(mark, known);
      throw Trail.refuse(value, e);
    }
  }

  /// The stream of the value before, if all went well with it.
  @Nullable SerialOutput takeStream() {
    SerialOutput taken = stream;
    stream = null;
    return taken;
  }

  void putStream(SerialOutput whole) {
    stream = whole;
  }

  Passage passage() {
    return passage;
  }

  Handles handles() {
    return handles;
  }

  void write(@Nullable Object value) throws IOException {
    if (value == null) {
      out.u8(Tag.NULL);
    } else if (value instanceof String text) {
      boolean latin1 = Text.isLatin1(text);
      out.u8(latin1 ? Tag.LATIN1 : Tag.UTF16);
      out.varint(text.length());
      Text.write(out, text, latin1);
    } else if (value instanceof Integer number) {
      out.tagged(Tag.INT, number);
    } else if (value instanceof Double number) {
      out.tagged(Tag.DOUBLE, Double.doubleToRawLongBits(number));
    } else if (value instanceof Long number) {
      out.tagged(Tag.LONG, number);
    } else {
      other(value, Tag.of(value.getClass()));
    }
  }

  private void other(Object value, int tag) throws IOException {
    switch (tag) {
      case Tag.TRUE -> out.u8((Boolean) value ? Tag.TRUE : Tag.FALSE);
      case Tag.BYTE -> {
        out.u8(tag);
        out.u8((Byte) value);
      }
      case Tag.SHORT -> {
        out.u8(tag);
        out.u16((Short) value);
      }
      case Tag.CHAR -> {
        out.u8(tag);
        out.u16((Character) value);
      }
      case Tag.FLOAT -> out.tagged(tag, Float.floatToRawIntBits((Float) value));
      case Tag.SERIAL -> plain(value);
      case Tag.NONE -> throw new Unfit(value);
      case Tag.CLASS -> {
        if (Types.element((Class<?>) value).isHidden()) {
          throw new Unfit(value);
        }
        out.u8(tag);
        type((Class<?>) value);
      }
      default -> {
        if (tag >= Tag.FIRST_SCALAR && tag <= Tag.LAST_SCALAR) {
          scalar(value, tag);
        } else {
          known(value, tag);
        }
      }
    }
  }

  private void scalar(Object value, int tag) throws IOException {
    if (tag == Tag.PATH && isForeign((Path) value)) {
      throw new Unfit(value);
    }
    out.u8(tag);
    Scalars.write(out, tag, value);
  }

  /// An object of a plain class.
  private void plain(Object value) throws IOException {
    int handle = handles.find(value);
    if (handle >= 0) {
      out.u8(Tag.SEEN);
      out.varint(handle);
      return;
    }
    Object standIn = passage.standIn(value);
    if (standIn == null) {
      throw new NeedsStream();
    }
    handles.add(value);
    out.u8(Tag.STAND_IN);
    write(standIn);
  }

  static boolean isForeign(Path path) {
    return !path.getFileSystem().equals(FileSystems.getDefault());
  }

  private void known(Object value, int tag) throws IOException {
    int handle = handles.find(value);
    if (handle >= 0) {
      if (handles.isOpen(handle)) {
        throw new CannotTravel(
            value.getClass().getName() + " contains itself, and cannot exist before its parts do");
      }
      out.u8(Tag.SEEN);
      out.varint(handle);
      return;
    }
    if (++depth > DEEPEST) {
      throw new TooDeep();
    }
    handle = handles.add(value);
    if (tag >= Tag.FIRST_CLOSED) {
      handles.open(handle);
      closed(value, tag);
      handles.close(handle);
    } else if (tag >= Tag.OBJECTS) {
      container(value, tag, handle);
    } else if (tag == Tag.ENUM) {
      out.u8(tag);
      type(((Enum<?>) value).getDeclaringClass());
      out.string(((Enum<?>) value).name());
    } else {
      numbers(value, tag);
    }
    depth--;
  }

  private void numbers(Object array, int tag) throws IOException {
    int length = Bulk.length(array);
    if ((long) length * Bulk.size(array) >= threshold) {
      Object standIn = passage.standIn(array);
      if (standIn != null) {
        out.u8(Tag.STAND_IN);
        write(standIn);
        return;
      }
    }
    out.u8(tag);
    out.varint(length);
    out.array(array, 0, length);
  }

  // In all of these, whatever may throw is asked before anything is written: what follows a tag is
  // no place to begin again.

  private void container(Object value, int tag, int handle) throws IOException {
    switch (tag) {
      case Tag.OBJECTS -> {
        @Nullable Object[] array = (@Nullable Object[]) value;
        out.u8(tag);
        type(array.getClass().getComponentType());
        if (array.length > LONG_ARRAY) {
          handles.open(handle);
        }
        all(array);
        handles.close(handle);
      }
      case Tag.TREE_SET -> sorted(tag, ((TreeSet<?>) value).comparator(), (Collection<?>) value);
      case Tag.TREE_MAP -> {
        Object[] entries = ((Map<?, ?>) value).entrySet().toArray();
        out.u8(tag);
        write(((TreeMap<?, ?>) value).comparator());
        entries(entries);
      }
      case Tag.ENUM_MAP -> {
        EnumMap<?, ?> map = (EnumMap<?, ?>) value;
        if (map.isEmpty()) {
          throw new NeedsStream();
        }
        Class<?> type = map.keySet().iterator().next().getDeclaringClass();
        Object[] entries = map.entrySet().toArray();
        out.u8(tag);
        type(type);
        entries(entries);
      }
      case Tag.HASH_MAP, Tag.LINKED_HASH_MAP, Tag.CONCURRENT_HASH_MAP ->
          map(tag, (Map<?, ?>) value);
      default -> collection(tag, (Collection<?>) value);
    }
  }

  private void sorted(int tag, @Nullable Object comparator, Collection<?> value)
      throws IOException {
    Object[] all = value.toArray();
    out.u8(tag);
    write(comparator);
    all(all);
  }

  private void map(int tag, Map<?, ?> value) throws IOException {
    Object[] entries = value.entrySet().toArray();
    out.u8(tag);
    entries(entries);
  }

  private void collection(int tag, Collection<?> value) throws IOException {
    Object[] all = value.toArray();
    out.u8(tag);
    all(all);
  }

  private void closed(Object value, int tag) throws IOException {
    switch (tag) {
      case Tag.RECORD -> record(value);
      case Tag.LAMBDA -> Closure.write(value, this, out);
      case Tag.THROWABLE -> Thrown.write((Throwable) value, this, out);
      case Tag.OPTIONAL -> {
        out.u8(tag);
        write(((Optional<?>) value).orElse(null));
      }
      case Tag.MAP_OF, Tag.SINGLETON_MAP -> map(tag, (Map<?, ?>) value);
      case Tag.ENUM_SET -> {
        Class<?> type = element((EnumSet<?>) value);
        out.u8(tag);
        type(type);
        all(((EnumSet<?>) value).toArray());
      }
      default -> collection(tag, (Collection<?>) value);
    }
  }

  private static <E extends Enum<E>> Class<E> element(EnumSet<E> set) {
    EnumSet<E> some = set.isEmpty() ? EnumSet.complementOf(set) : set;
    if (some.isEmpty()) {
      throw new NeedsStream();
    }
    return some.iterator().next().getDeclaringClass();
  }

  private void record(Object value) throws IOException {
    @Nullable Object[] parts = parts(value);
    out.u8(Tag.RECORD);
    type(value.getClass());
    all(parts);
  }

  static @Nullable Object[] parts(Object instance) {
    try {
      return Shape.of(instance.getClass()).parts(instance);
    } catch (CannotTravel | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new CannotTravel("an accessor of " + instance.getClass().getName() + " threw " + e, e);
    }
  }

  void all(@Nullable Object[] values) throws IOException {
    out.varint(values.length);
    for (Object value : values) {
      write(value);
    }
  }

  private void entries(Object[] entries) throws IOException {
    out.varint(entries.length);
    for (Object entry : entries) {
      write(((Map.Entry<?, ?>) entry).getKey());
      write(((Map.Entry<?, ?>) entry).getValue());
    }
  }

  /// Writes a class: a number if it is known, else its name.
  void type(Class<?> type) throws IOException {
    int handle = handles.find(type);
    if (handle >= 0) {
      out.varint(handle + 1);
      return;
    }
    handles.add(type);
    out.varint(0);
    out.string(type.getName());
    try {
      passage.sends(Types.element(type));
    } catch (RuntimeException e) {
      throw new Channel(new IOException("the passage failed over " + type.getName(), e));
    }
  }
}

package io.fanwise.codec;

import io.fanwise.work.Serializer;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Turns bytes into values again: what an [Encoder] wrote.
///
/// A value that cannot be rebuilt is read to its end all the same, so the next one is not hurt.
/// Confined to one thread.
public final class Decoder {
  /// What is taken on trust before the elements arrive.
  static final int TRUSTED = 1 << 12;

  private final Input in;
  private final Passage passage;
  private final Seen seen = new Seen();
  private final Containers containers;
  private final Wholes wholes;
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
    this.containers = new Containers(this, in, seen);
    this.wholes = new Wholes(this, in);
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
      case Tag.SERIALIZER -> bySerializer();
      case Tag.CLASS -> type();
      default -> {
        if (tag >= Tag.FIRST_SCALAR && tag <= Tag.LAST_SCALAR) {
          yield scalar(tag);
        }
        yield composite(tag);
      }
    };
  }

  private @Nullable Object bySerializer() throws IOException {
    byte[] bytes = in.bytes(in.length());
    Serializer serializer = passage.serializer();
    try {
      return Objects.requireNonNull(serializer, "serializer").read(bytes, passage.loader());
    } catch (Exception | LinkageError | StackOverflowError e) {
      fail(e);
      return null;
    }
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
    Object value = tag >= Tag.FIRST_CLOSED ? wholes.read(tag) : containers.read(tag, handle);
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

  /// Reads some values, which grow as they arrive.
  @Nullable Object[] parts(int length) throws IOException {
    @Nullable Object[] parts = new Object[Math.min(length, TRUSTED)];
    for (int i = 0; i < length; i++) {
      parts = room(parts, i, 1, length);
      parts[i] = read();
    }
    return parts;
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

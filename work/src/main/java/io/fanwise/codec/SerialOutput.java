package io.fanwise.codec;

import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/// The JDK's object stream inside a frame, for what has no form of its own.
///
/// What is not serializable but has a form of its own, such as a plain record, travels in it as
/// [Carried]; what the frame has already, as [Carried.Earlier].
final class SerialOutput extends ObjectOutputStream {
  private final Pieces pieces;
  private final Encoder encoder;
  private final Passage passage;

  private SerialOutput(Pieces pieces, Encoder encoder) throws IOException {
    super(pieces);
    this.pieces = pieces;
    this.encoder = encoder;
    this.passage = encoder.passage();
    enableReplaceObject(true);
  }

  /// Writes one object, and how it ended.
  ///
  /// @throws InvalidObjectException if it does not travel
  /// @throws StackOverflowError if that struck where nothing can follow
  /// @throws Channel if the channel fails
  static void write(@Nullable Object value, Encoder encoder, Output out)
      throws InvalidObjectException {
    SerialOutput stream = encoder.takeStream();
    try {
      if (stream == null) {
        stream = new SerialOutput(new Pieces(out), encoder);
      }
      stream.reset();
      stream.writeObject(value);
      stream.flush();
      end(out, Pieces.END);
      encoder.putStream(stream);
    } catch (Channel e) {
      throw e;
    } catch (IOException e) {
      throw givenUp(out, e);
    } catch (StackOverflowError e) {
      if (stream == null || stream.pieces.midway) {
        throw e;
      }
      throw givenUp(out, e);
    } catch (RuntimeException | Error e) {
      end(out, Pieces.GIVEN_UP);
      throw e;
    }
  }

  private static InvalidObjectException givenUp(Output out, Throwable why) {
    end(out, Pieces.GIVEN_UP);
    InvalidObjectException refused = new InvalidObjectException(why.toString());
    refused.initCause(why);
    return refused;
  }

  private static void end(Output out, int how) {
    try {
      out.u16(how);
    } catch (IOException e) {
      throw new Channel(e);
    }
  }

  @Override
  protected void writeStreamHeader() {
    // Both ends are of one version, and each object begins with a reset.
  }

  /// Writes the number that a class has in the frame; its name is between the pieces, where it is
  /// read even if this object is not.
  @Override
  protected void writeClassDescriptor(ObjectStreamClass description) throws IOException {
    Class<?> type = description.forClass();
    int ours = Carried.number(type);
    writeInt(ours < 0 ? ours : pieces.number(type, encoder));
  }

  @Override
  protected void annotateProxyClass(Class<?> type) {
    for (Class<?> face : type.getInterfaces()) {
      passage.sends(face);
    }
  }

  @Override
  protected Object replaceObject(Object object) {
    if (object instanceof Carried
        || object instanceof Carried.Earlier
        || object instanceof String
        || object instanceof Enum) {
      return object;
    }
    Handles handles = encoder.handles();
    int handle = handles.find(object);
    if (handle >= 0 && !handles.isOpen(handle)) {
      return new Carried.Earlier(handle);
    }
    if (object.getClass().isArray()) {
      return array(object);
    }
    return object instanceof Serializable ? object : carried(object);
  }

  private Object array(Object array) {
    if (!array.getClass().getComponentType().isPrimitive()) {
      return array;
    }
    long bytes = (long) Bulk.length(array) * Bulk.size(array);
    if (bytes >= passage.threshold()) {
      Object standIn = passage.standIn(array);
      if (standIn != null) {
        return new Carried(Tag.STAND_IN, Object.class, new Object[] {standIn});
      }
    }
    if (bytes > Input.TRUSTED) {
      pieces.announce(bytes);
    }
    return array;
  }

  private static Object carried(Object object) {
    int tag = Tag.of(object.getClass());
    return switch (tag) {
      case Tag.RECORD -> new Carried(tag, object.getClass(), Encoder.parts(object));
      case Tag.NONE, Tag.LAMBDA, Tag.SERIAL -> object;
      default -> Carried.of(tag, object);
    };
  }

  /// Bytes in pieces, each with its length in front.
  static final class Pieces extends OutputStream {
    static final int END = 0;
    static final int GIVEN_UP = 0xffff;
    static final int CLASS = 0xfffe;
    static final int LARGE_ARRAY = 0xfffd;
    private static final int LARGEST = 0xfffc;

    private final Output out;
    private boolean midway;

    Pieces(Output out) {
      this.out = out;
    }

    /// Says that a large array comes, so that its length is believed.
    void announce(long bytes) {
      midway = true;
      try {
        out.u16(LARGE_ARRAY);
        out.i64(bytes);
        midway = false;
      } catch (IOException e) {
        throw new Channel(e);
      }
    }

    int number(Class<?> type, Encoder encoder) {
      Handles handles = encoder.handles();
      int handle = handles.find(type);
      if (handle >= 0) {
        return handle;
      }
      midway = true;
      try {
        out.u16(CLASS);
        encoder.type(type);
        midway = false;
      } catch (IOException e) {
        throw new Channel(e);
      }
      return handles.find(type);
    }

    @Override
    public void write(int value) {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) {
      midway = true;
      try {
        for (int at = from, rest = count; rest > 0; ) {
          int length = Math.min(rest, LARGEST);
          out.u16(length);
          out.bytes(bytes, at, length);
          at += length;
          rest -= length;
        }
        midway = false;
      } catch (IOException e) {
        throw new Channel(e);
      }
    }
  }
}

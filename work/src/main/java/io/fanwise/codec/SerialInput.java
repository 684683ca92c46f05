package io.fanwise.codec;

import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidClassException;
import java.io.InvalidObjectException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.lang.reflect.Array;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/// The opposite of [SerialOutput].
final class SerialInput extends ObjectInputStream {

  /// How reading ended.
  ///
  /// @param value what was read, if all went well
  /// @param why what went wrong, if not
  /// @param givenUp whether the encoder gave up half-way
  record Result(@Nullable Object value, @Nullable Throwable why, boolean givenUp) {}

  /// Shorter arrays are not looked at.
  private static final int SOME = 1 << 16;

  /// Bytes that a reference takes at least.
  private static final int REFERENCE = 4;

  private final Decoder decoder;
  private final Passage passage;

  private final Pieces pieces;
  private final boolean reusable;

  private SerialInput(Pieces pieces, Decoder decoder) throws IOException {
    super(pieces);
    this.pieces = pieces;
    this.decoder = decoder;
    this.passage = decoder.passage();
    enableResolveObject(true);
    ObjectInputFilter filter = passage.filter();
    ObjectInputFilter others = filter == null ? getObjectInputFilter() : filter;
    setObjectInputFilter(new Guard(others, pieces));
    reusable = others == null;
  }

  /// Reads one object to its end, however that goes.
  static Result read(Decoder decoder, Input in) throws IOException {
    SerialInput stream = decoder.takeStream();
    Pieces pieces = stream == null ? new Pieces(in, decoder) : stream.pieces.again();
    Object value = null;
    Throwable why = null;
    try {
      if (stream == null) {
        stream = new SerialInput(pieces, decoder);
      }
      value = stream.readObject();
      // A filter may limit what a stream reads in all, so then each value has its own.
      if (stream.reusable) {
        decoder.putStream(stream);
      }
    } catch (Channel e) {
      throw e.broken();
    } catch (InvalidClassException e) {
      why = e.getCause() instanceof ClassNotFoundException missing ? missing : e;
    } catch (Exception | Error e) {
      why = e;
    }
    return new Result(value, why, pieces.skipToEnd());
  }

  @Override
  protected void readStreamHeader() {
    // Both ends are of one version, and each object begins with a reset.
  }

  @Override
  protected ObjectStreamClass readClassDescriptor() throws IOException, ClassNotFoundException {
    int number = readInt();
    return ObjectStreamClass.lookupAny(
        number < 0 ? Carried.ofNumber(number) : decoder.known(number));
  }

  @Override
  protected Class<?> resolveClass(ObjectStreamClass description) {
    return description.forClass();
  }

  @Override
  @SuppressWarnings("deprecation")
  protected Class<?> resolveProxyClass(String[] names) throws ClassNotFoundException {
    Class<?>[] faces = new Class<?>[names.length];
    ClassLoader loader = null;
    for (int i = 0; i < names.length; i++) {
      faces[i] = passage.find(names[i]);
      if (faces[i].getClassLoader() != null && loader == null) {
        loader = faces[i].getClassLoader();
      }
    }
    return Proxy.getProxyClass(loader, faces);
  }

  @Override
  protected @Nullable Object resolveObject(@Nullable Object object) throws IOException {
    if (object instanceof Carried carried) {
      try {
        Object restored = carried.restore(passage);
        if (restored.getClass().isArray() && restored.getClass().getComponentType().isPrimitive()) {
          pieces.expect((long) Bulk.length(restored) * Bulk.size(restored)); // it is here already
        }
        return restored;
      } catch (CannotTravel | IOException | Error e) {
        throw e;
      } catch (Throwable e) {
        InvalidObjectException refused = new InvalidObjectException(e.toString());
        refused.initCause(e);
        throw refused;
      }
    }
    return object instanceof Carried.Earlier earlier ? decoder.earlier(earlier.handle()) : object;
  }

  /// Lets pass what carries others, which are checked themselves, and believes in no large array
  /// that was not announced.
  private record Guard(@Nullable ObjectInputFilter others, Pieces pieces)
      implements ObjectInputFilter {

    @Override
    public Status checkInput(FilterInfo info) {
      Class<?> type = info.serialClass();
      if (type != null && Carried.number(type) < 0) {
        return Status.ALLOWED;
      }
      if (type != null && info.arrayLength() > SOME && isTooLarge(type, info.arrayLength())) {
        return Status.REJECTED;
      }
      return others == null ? Status.UNDECIDED : others.checkInput(info);
    }

    private boolean isTooLarge(Class<?> type, long length) {
      Class<?> component = type.getComponentType();
      if (component != null && component.isPrimitive()) {
        return length * Bulk.size(Array.newInstance(component, 0)) > pieces.announced;
      }
      Runtime runtime = Runtime.getRuntime();
      long used = runtime.totalMemory() - runtime.freeMemory();
      return length * REFERENCE > runtime.maxMemory() - used;
    }
  }

  /// Bytes in pieces, each with its length in front.
  private static final class Pieces extends InputStream {
    private final Input in;
    private final Decoder decoder;
    private int left;
    private int end = -1;
    private long announced = Input.TRUSTED;

    Pieces(Input in, Decoder decoder) {
      this.in = in;
      this.decoder = decoder;
    }

    void expect(long bytes) {
      announced = Math.max(announced, bytes);
    }

    Pieces again() {
      left = 0;
      end = -1;
      announced = Input.TRUSTED;
      return this;
    }

    private boolean more() throws IOException {
      while (left == 0 && end < 0) {
        int next = in.u16();
        if (next == SerialOutput.Pieces.CLASS) {
          decoder.learn();
        } else if (next == SerialOutput.Pieces.LARGE_ARRAY) {
          announced = Math.max(announced, in.i64());
        } else if (next == SerialOutput.Pieces.END || next == SerialOutput.Pieces.GIVEN_UP) {
          end = next;
        } else {
          left = next;
        }
      }
      return left > 0;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int count) {
      if (count == 0) {
        return 0;
      }
      try {
        if (!more()) {
          return -1;
        }
        int length = Math.min(count, left);
        in.bytes(into, from, length);
        left -= length;
        return length;
      } catch (IOException e) {
        throw new Channel(e);
      }
    }

    boolean skipToEnd() throws IOException {
      while (more()) {
        in.skip(left);
        left = 0;
      }
      return end == SerialOutput.Pieces.GIVEN_UP;
    }
  }
}

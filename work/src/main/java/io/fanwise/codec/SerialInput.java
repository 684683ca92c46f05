package io.fanwise.codec;

import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidObjectException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
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

  private final Decoder decoder;
  private final Passage passage;

  private SerialInput(InputStream pieces, Decoder decoder) throws IOException {
    super(pieces);
    this.decoder = decoder;
    this.passage = decoder.passage();
    enableResolveObject(true);
    ObjectInputFilter filter = passage.filter();
    if (filter != null) {
      setObjectInputFilter(new Ours(filter));
    }
  }

  /// Reads one object to its end, however that goes.
  static Result read(Decoder decoder, Input in) throws IOException {
    Pieces pieces = new Pieces(in);
    Object value = null;
    Throwable why = null;
    try {
      value = new SerialInput(pieces, decoder).readObject();
    } catch (Channel e) {
      throw e.broken();
    } catch (Exception | StackOverflowError | OutOfMemoryError | LinkageError e) {
      why = e;
    }
    return new Result(value, why, pieces.skipToEnd());
  }

  @Override
  protected void readStreamHeader() {
    // One object in each stream, and both ends are of one version.
  }

  @Override
  protected Class<?> resolveClass(ObjectStreamClass description) throws ClassNotFoundException {
    String name = description.getName();
    if (name.equals(Carried.class.getName())) {
      return Carried.class;
    }
    return name.equals(Carried.Earlier.class.getName())
        ? Carried.Earlier.class
        : Types.find(name, passage);
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
        return carried.restore(passage);
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

  /// Lets pass what carries others; they are checked themselves.
  private record Ours(ObjectInputFilter others) implements ObjectInputFilter {
    @Override
    public Status checkInput(FilterInfo info) {
      Class<?> type = info.serialClass();
      return type != null && Carried.isOurs(type) ? Status.ALLOWED : others.checkInput(info);
    }
  }

  /// Bytes in pieces, each with its length in front.
  private static final class Pieces extends InputStream {
    private final Input in;
    private int left;
    private int end = -1;

    Pieces(Input in) {
      this.in = in;
    }

    private boolean more() throws IOException {
      if (left == 0 && end < 0) {
        int next = in.u16();
        if (next == SerialOutput.Pieces.END || next == SerialOutput.Pieces.GIVEN_UP) {
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

package io.fanwise.shared;

import io.fanwise.codec.CannotTravel;
import io.fanwise.codec.Decoder;
import io.fanwise.codec.Drain;
import io.fanwise.codec.Encoder;
import io.fanwise.codec.Fill;
import io.fanwise.codec.Input;
import io.fanwise.codec.Output;
import io.fanwise.codec.Passage;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Users' values as bytes.
final class Values {
  private static final int BUFFER = 8 * 1024;

  private Values() {}

  /// @throws IllegalArgumentException if it cannot travel, or is too large
  static byte[] encode(Object value) {
    return encode(value, Frames.LONGEST);
  }

  static byte[] encode(Object value, long most) {
    Bytes bytes = new Bytes(most);
    Output out = new Output(ByteBuffer.allocate(BUFFER), bytes);
    try {
      new Encoder(out, new ClassesHere()).value(value);
      out.flush();
    } catch (IOException | CannotTravel e) {
      throw new IllegalArgumentException(
          "cannot send a " + value.getClass().getName() + " to another JVM: " + e.getMessage(), e);
    }
    if (bytes.all > most) {
      throw new IllegalArgumentException(
          "cannot send a "
              + value.getClass().getName()
              + " to another JVM: "
              + tooLarge(bytes.all, most));
    }
    return bytes.toByteArray();
  }

  static String tooLarge(long bytes, long most) {
    return "it takes %,d bytes, and what goes through shared state at once can have %,d. Send it in parts, or share arrays by SharedBytes and its like."
        .formatted(bytes, most);
  }

  static Object decode(byte[] bytes) {
    try {
      Input in = new Input(ByteBuffer.allocate(BUFFER).limit(0), new From(bytes));
      return Objects.requireNonNull(new Decoder(in, new ClassesHere()).value(), "value");
    } catch (IOException | CannotTravel e) {
      throw new IllegalArgumentException("cannot rebuild what another JVM sent: " + e, e);
    }
  }

  /// Bytes, as far as they are of use: of what is too large only the size is.
  private static final class Bytes extends ByteArrayOutputStream implements Drain {
    private final long most;
    private long all;

    Bytes(long most) {
      this.most = most;
    }

    @Override
    public void drain(ByteBuffer full) {
      all += full.remaining();
      if (all <= most) {
        write(full.array(), full.arrayOffset() + full.position(), full.remaining());
      }
      full.position(full.limit());
    }
  }

  private static final class From implements Fill {
    private final ByteBuffer bytes;

    From(byte[] bytes) {
      this.bytes = ByteBuffer.wrap(bytes);
    }

    @Override
    public void fill(ByteBuffer empty) throws IOException {
      if (!bytes.hasRemaining()) {
        throw new EOFException("the value ends here");
      }
      int some = Math.min(bytes.remaining(), empty.remaining());
      empty.put(empty.position(), bytes, bytes.position(), some);
      empty.position(empty.position() + some);
      bytes.position(bytes.position() + some);
    }
  }

  /// Finds classes where the code that asks finds its own.
  private static final class ClassesHere implements Passage {
    private final @Nullable ClassLoader loader = Thread.currentThread().getContextClassLoader();

    @Override
    public Class<?> find(String name) throws ClassNotFoundException {
      if (loader != null) {
        try {
          return Class.forName(name, false, loader);
        } catch (ClassNotFoundException e) {
          // perhaps those of the JVM itself have it
        }
      }
      return Class.forName(name, false, ClassLoader.getSystemClassLoader());
    }

    @Override
    public @Nullable Object standIn(Object value) {
      return ArrayStore.word(value);
    }

    @Override
    public Object restore(Object standIn) {
      return ArrayStore.restore(standIn);
    }
  }
}

package io.fanwise.bench;

import io.fanwise.codec.Decoder;
import io.fanwise.codec.Encoder;
import io.fanwise.codec.Input;
import io.fanwise.codec.Output;
import io.fanwise.codec.Passage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// A batch of a thousand values as bytes and back, per value: the codec of worker JVMs, and the
/// JDK's object streams, one for the whole batch.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
@OperationsPerInvocation(CodecBenchmark.BATCH)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class CodecBenchmark {
  static final int BATCH = 1000;
  private static final int BUFFER = 1 << 16;
  private static final int ENOUGH = 1 << 22;

  /// Of what the batch consists.
  public enum Kind {
    /// Boxed numbers.
    INTS(i -> i * 31),
    /// Boxed floating-point numbers.
    DOUBLES(i -> i / 7.0),
    /// Numbers of two kinds in turn, so that none of them are written together.
    MIXED(i -> i % 2 == 0 ? (Object) i : (Object) (i / 7.0)),
    /// Words of a dozen letters.
    STRINGS(i -> "a word, " + i),
    /// Five components.
    RECORDS(i -> new Row(i, i * 31L, i / 7.0, "row " + i, i % 2 == 0)),
    /// Three entries.
    MAPS(i -> new HashMap<>(Map.of("id", i, "name", "row " + i, "score", i / 7.0))),
    /// What goes through the JDK's object streams in any case.
    PLAIN(Plain::new);

    private final IntFunction<Object> make;

    Kind(IntFunction<Object> make) {
      this.make = make;
    }
  }

  /// A record as people have them.
  record Row(int id, long time, double score, String name, boolean valid) implements Serializable {}

  /// A class without a form of its own.
  static final class Plain implements Serializable {
    private static final long serialVersionUID = 1;

    /// What it consists of.
    final int id;

    Plain(int id) {
      this.id = id;
    }
  }

  /// Of what the batch consists.
  @Param public Kind kind = Kind.INTS;

  private final Object[] batch = new Object[BATCH];
  private final ByteBuffer frame = ByteBuffer.allocateDirect(ENOUGH);
  private final Output out = new Output(ByteBuffer.allocateDirect(BUFFER), frame::put);
  private final Input in = new Input(ByteBuffer.allocateDirect(BUFFER).limit(0), this::fill);
  private final Passage passage = Passage.within(CodecBenchmark.class.getClassLoader());
  private final Encoder encoder = new Encoder(out, passage);
  private final Decoder decoder = new Decoder(in, passage);
  private byte[] serialized = {};

  /// Makes the batch, and its bytes.
  ///
  /// @throws IOException never
  @Setup
  public void start() throws IOException {
    for (int i = 0; i < BATCH; i++) {
      batch[i] = kind.make.apply(i);
    }
    encode();
    serialized = serialize();
  }

  private void fill(ByteBuffer empty) throws EOFException {
    int count = Math.min(empty.remaining(), frame.remaining());
    if (count == 0) {
      throw new EOFException();
    }
    empty.put(frame.slice(frame.position(), count));
    frame.position(frame.position() + count);
  }

  /// Values to bytes.
  ///
  /// @return how many bytes
  /// @throws IOException never
  @Benchmark
  public int encode() throws IOException {
    frame.clear();
    encoder.reset();
    encoder.values(batch, 0, BATCH, (index, why) -> why);
    out.flush();
    frame.flip();
    return frame.limit();
  }

  /// Bytes to values.
  ///
  /// @return the values
  /// @throws IOException never
  @Benchmark
  public @Nullable Object[] decode() throws IOException {
    frame.rewind();
    decoder.reset();
    return decoder.values(BATCH, (index, why) -> why);
  }

  /// Values to bytes, by the JDK.
  ///
  /// @return the bytes
  /// @throws IOException never
  @Benchmark
  public byte[] serialize() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream stream = new ObjectOutputStream(bytes)) {
      for (Object value : batch) {
        stream.writeObject(value);
      }
    }
    return bytes.toByteArray();
  }

  /// Bytes to values, by the JDK.
  ///
  /// @return the values
  /// @throws IOException never
  /// @throws ClassNotFoundException never
  @Benchmark
  public List<Object> deserialize() throws IOException, ClassNotFoundException {
    Object[] values = new Object[BATCH];
    try (ObjectInputStream stream = new ObjectInputStream(new ByteArrayInputStream(serialized))) {
      for (int i = 0; i < BATCH; i++) {
        values[i] = stream.readObject();
      }
    }
    return List.of(values);
  }
}

package io.fanwise.pipeline;

import io.fanwise.codec.CannotTravel;
import io.fanwise.codec.Decoder;
import io.fanwise.codec.Drain;
import io.fanwise.codec.Encoder;
import io.fanwise.codec.Input;
import io.fanwise.codec.Output;
import io.fanwise.codec.Passage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/// A result in a file: what it is, when it was made, and the shapes of the records in it.
/// Immutable.
///
/// @param value the result
/// @param made when it was computed
record Remembered(Object value, Instant made) {
  /// `FMM1`, and so the version of what follows.
  private static final int MAGIC = 0x464D4D31;

  private static final int BUFFER = 8 * 1024;

  /// So often in a row nobody takes a folder away by chance.
  private static final int TAKEN_AWAY = 10;

  /// Writes a result under a name that is there at once or not at all.
  ///
  /// @throws IllegalArgumentException if the result cannot be written
  void writeTo(Path file) throws IOException {
    byte[] bytes = bytes();
    Path fresh =
        file.resolveSibling(
            "%s.%d-%x.new"
                .formatted(
                    file.getFileName(),
                    ProcessHandle.current().pid(),
                    ThreadLocalRandom.current().nextLong()));
    try {
      write(fresh, bytes);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /// Another process may take folders away as long as they have nothing in them.
  private static void write(Path file, byte[] bytes) throws IOException {
    for (int i = 0; ; i++) {
      try {
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
        return;
      } catch (NoSuchFileException | FileAlreadyExistsException e) {
        // the latter is said of a folder, too, that is taken away while it is looked at
        if (i == TAKEN_AWAY) {
          throw e;
        }
      }
    }
  }

  /// Reads a result; one that is damaged, or of classes that have changed since, is none.
  static Optional<Remembered> from(Path file, ClassLoader loader) throws IOException {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    try {
      return Optional.of(of(bytes, loader));
    } catch (IOException | CannotTravel e) {
      Files.deleteIfExists(file);
      return Optional.empty();
    }
  }

  /// What is in the file.
  ///
  /// @throws IllegalArgumentException if the result cannot be written
  byte[] bytes() throws IOException {
    Recording classes = new Recording(Thread.currentThread().getContextClassLoader());
    Bytes payload = new Bytes();
    Output out = new Output(ByteBuffer.allocate(BUFFER), payload);
    try {
      new Encoder(out, classes).value(value);
    } catch (CannotTravel e) {
      throw new IllegalArgumentException("the result cannot be kept: " + e.getMessage(), e);
    }
    out.flush();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    DataOutputStream data = new DataOutputStream(body);
    data.writeLong(made.toEpochMilli());
    data.writeInt(classes.shapes.size());
    for (var shape : classes.shapes.entrySet()) {
      data.writeUTF(shape.getKey());
      data.writeUTF(shape.getValue());
    }
    payload.writeTo(data);
    ByteBuffer all = ByteBuffer.allocate(8 + body.size());
    return all.putInt(MAGIC).putInt(sum(body.toByteArray(), 0)).put(body.toByteArray()).array();
  }

  /// Reads what would be in a file.
  ///
  /// @throws IOException if it is damaged, or of classes that have changed since
  static Remembered of(byte[] bytes, ClassLoader loader) throws IOException {
    ByteBuffer all = ByteBuffer.wrap(bytes);
    if (bytes.length < 8 || all.getInt() != MAGIC || all.getInt() != sum(bytes, 8)) {
      throw new IOException("damaged");
    }
    DataInputStream data =
        new DataInputStream(new ByteArrayInputStream(bytes, 8, bytes.length - 8));
    Instant made = Instant.ofEpochMilli(data.readLong());
    Recording classes = new Recording(loader);
    for (int left = data.readInt(); left > 0; left--) {
      String name = data.readUTF();
      if (!data.readUTF().equals(classes.shape(name))) {
        throw new IOException(name + " has changed");
      }
    }
    Object value = new Decoder(Input.of(data.readAllBytes()), classes).value();
    if (value == null) {
      throw new IOException("there is nothing in it");
    }
    return new Remembered(value, made);
  }

  private static int sum(byte[] bytes, int from) {
    CRC32C sum = new CRC32C();
    sum.update(bytes, from, bytes.length - from);
    return (int) sum.getValue();
  }

  /// Notes of which classes something is.
  private static final class Recording implements Passage {
    private final ClassLoader loader;
    private final SortedMap<String, String> shapes = new TreeMap<>();

    Recording(ClassLoader loader) {
      this.loader = loader;
    }

    @Override
    public Class<?> find(String name) throws ClassNotFoundException {
      return Class.forName(name, false, loader);
    }

    @Override
    public void sends(Class<?> type) {
      if (type.isRecord()) {
        shapes.put(type.getName(), shape(type));
      }
    }

    String shape(String name) throws IOException {
      try {
        return shape(find(name));
      } catch (ClassNotFoundException e) {
        throw new IOException(name + " is gone", e);
      }
    }

    private static String shape(Class<?> type) {
      RecordComponent[] components = type.getRecordComponents();
      return components == null
          ? ""
          : Stream.of(components).map(RecordComponent::toString).collect(Collectors.joining(", "));
    }
  }

  private static final class Bytes extends ByteArrayOutputStream implements Drain {
    @Override
    public void drain(ByteBuffer full) {
      write(full.array(), full.arrayOffset() + full.position(), full.remaining());
      full.position(full.limit());
    }
  }
}

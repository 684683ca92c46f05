package io.fanwise.cli;

import io.fanwise.pipeline.Durability;
import io.fanwise.pipeline.Sink;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where in a file of results the records of inputs stand that have failed, in the order in which
/// they were written: 24 bytes for each, in the file `remains` of the state. It is there only if an
/// input that failed has left something.
///
/// Confined to the thread that writes.
final class Remains implements Closeable {
  private static final int ENTRY = 3 * Long.BYTES;

  private final Path file;
  private final String run;
  private final Durability durability;
  private long length;
  private Sink.@Nullable Output out;

  /// @param length how many bytes it had at the last commit
  Remains(Path file, String run, Durability durability, long length) {
    this.file = file;
    this.run = run;
    this.durability = durability;
    this.length = length;
  }

  /// The record of an input that has failed.
  ///
  /// @param position the position of the input
  /// @param from where the record begins, in the file as it is unpacked
  /// @param bytes how many bytes it has
  record Place(long position, long from, long bytes) {}

  /// Notes one more.
  void add(Place place) throws IOException {
    byte[] entry =
        ByteBuffer.allocate(ENTRY)
            .putLong(place.position())
            .putLong(place.from())
            .putLong(place.bytes())
            .array();
    out().write(place.position(), entry);
    length += ENTRY;
  }

  private Sink.Output out() throws IOException {
    if (out == null) {
      Sink<Object> entries = Sink.records(file, "", (_, entry) -> entry);
      Optional<String> mark = Optional.of(Long.toString(length));
      out = entries.open(new Sink.Sitting(run, mark, durability));
    }
    return out;
  }

  /// Makes what was added safe; returns how many bytes there are.
  long commit() throws IOException {
    if (out != null) {
      out.commit();
    }
    return length;
  }

  boolean isEmpty() {
    return length == 0;
  }

  /// What is done with each.
  interface Reader {
    void place(Place place) throws IOException;
  }

  /// Tells of all that are committed.
  void each(Reader reader) throws IOException {
    if (length == 0) {
      return;
    }
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      for (long at = 0; at < length; at += ENTRY) {
        reader.place(new Place(in.readLong(), in.readLong(), in.readLong()));
      }
    } catch (EOFException e) {
      throw new IOException("%s is shorter than it was: put it back".formatted(file), e);
    }
  }

  @Override
  public void close() throws IOException {
    if (out != null) {
      out.close();
    }
  }
}

package io.fanwise.pipeline;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32C;

/// What came of inputs, in a file that grows, so that others that are equal to them need not be
/// computed. What is there beyond the last commit counts too, as far as it is whole.
///
/// Safe for use by many threads: the one that takes in results adds and reads, which an interrupt
/// must not keep it from; the one that writes makes it safe.
final class KeptResults implements Closeable {
  /// The length of what follows, and its sum.
  private static final int PREFIX = 8;

  /// The digest, and whether it is a failure.
  private static final int HEAD = 17;

  private static final int BUFFER = 1 << 18;

  private final Path file;
  private final RandomAccessFile content;
  private final Durability durability;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);

  /// How many bytes the file has; what is in the buffer comes after them.
  private long written;

  private KeptResults(Path file, RandomAccessFile content, Durability durability) {
    this.file = file;
    this.content = content;
    this.durability = durability;
  }

  /// What came of an input.
  enum Kind {
    /// Its result, as bytes.
    RESULT('R'),
    /// Why it failed, as text.
    FAILURE('F');

    private final byte letter;

    Kind(char letter) {
      this.letter = (byte) letter;
    }
  }

  /// What is kept. Immutable, as far as the bytes are left alone.
  static final class Entry {
    private final Digest digest;
    private final Kind kind;
    private final byte[] bytes;

    Entry(Digest digest, Kind kind, byte[] bytes) {
      this.digest = digest;
      this.kind = kind;
      this.bytes = bytes;
    }

    /// Of which input.
    Digest digest() {
      return digest;
    }

    /// What came of it.
    Kind kind() {
      return kind;
    }

    /// That.
    byte[] bytes() {
      return bytes;
    }
  }

  /// Is told of what is there when it is opened.
  interface Reader {
    void entry(Entry entry, long place) throws IOException;
  }

  /// Opens it, tells of everything in it, and cuts off what was never written to its end.
  ///
  /// @param mark what the last commit returned; without one, nothing in it is of this run
  static KeptResults open(Path file, Optional<String> mark, Durability durability, Reader reader)
      throws IOException {
    RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw");
    try {
      KeptResults results = new KeptResults(file, content, durability);
      if (mark.isPresent()) {
        results.written = read(file, content.length(), reader);
        results.requireWhole(Long.parseLong(mark.get()));
      }
      content.setLength(results.written);
      durability.forceFolder(file);
      return results;
    } catch (Throwable e) {
      content.close();
      throw e;
    }
  }

  /// How many bytes are whole, from the beginning.
  private static long read(Path file, long size, Reader reader) throws IOException {
    long place = 0;
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(new FileInputStream(file.toFile()), BUFFER))) {
      while (size - place >= PREFIX + HEAD) {
        int length = in.readInt();
        int sum = in.readInt();
        if (length < HEAD || length > size - place - PREFIX) {
          return place;
        }
        byte[] body = in.readNBytes(length);
        if (sum(body) != sum) {
          return place;
        }
        reader.entry(entry(body), place);
        place += PREFIX + length;
      }
    }
    return place;
  }

  private void requireWhole(long known) {
    if (written < known) {
      throw new RunRefused(
          RunRefused.Reason.DAMAGED,
          "%s is whole up to byte %,d, but %,d were written: it was changed since"
              .formatted(file, written, known),
          "; put it back, or start over");
    }
  }

  private static Entry entry(byte[] body) {
    ByteBuffer from = ByteBuffer.wrap(body);
    Digest digest = new Digest(from.getLong(), from.getLong());
    Kind kind = from.get() == Kind.RESULT.letter ? Kind.RESULT : Kind.FAILURE;
    byte[] bytes = new byte[from.remaining()];
    from.get(bytes);
    return new Entry(digest, kind, bytes);
  }

  private static int sum(byte[] bytes) {
    CRC32C sum = new CRC32C();
    sum.update(bytes, 0, bytes.length);
    return (int) sum.getValue();
  }

  /// Keeps something, and says where.
  synchronized long add(Entry entry) throws IOException {
    long place = written + buffer.position();
    byte[] body = new byte[HEAD + entry.bytes().length];
    ByteBuffer.wrap(body)
        .putLong(entry.digest().high())
        .putLong(entry.digest().low())
        .put(entry.kind().letter)
        .put(entry.bytes());
    if (buffer.remaining() < PREFIX + body.length) {
      drain();
    }
    if (buffer.remaining() < PREFIX + body.length) {
      ByteBuffer whole = ByteBuffer.allocate(PREFIX + body.length);
      write(whole.putInt(body.length).putInt(sum(body)).put(body).array(), whole.capacity());
    } else {
      buffer.putInt(body.length).putInt(sum(body)).put(body);
    }
    return place;
  }

  /// What is kept at a place.
  synchronized Entry at(long place) throws IOException {
    int length = bytes(place, PREFIX).getInt();
    return entry(bytes(place + PREFIX, length).array());
  }

  private ByteBuffer bytes(long place, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    if (place >= written) {
      buffer.get((int) (place - written), bytes.array());
      return bytes;
    }
    content.seek(place);
    content.readFully(bytes.array());
    return bytes;
  }

  /// Makes everything kept so far safe.
  ///
  /// @return the mark
  String commit() throws IOException {
    long safe;
    synchronized (this) {
      drain();
      safe = written;
    }
    durability.force(content.getChannel());
    return Long.toString(safe);
  }

  private void drain() throws IOException {
    write(buffer.array(), buffer.position());
    buffer.clear();
  }

  private void write(byte[] bytes, int length) throws IOException {
    try {
      content.seek(written);
      content.write(bytes, 0, length);
      written += length;
    } catch (IOException e) {
      throw new IOException("%s: %s".formatted(file, e.getMessage()), e);
    }
  }

  @Override
  public void close() throws IOException {
    content.close();
  }
}

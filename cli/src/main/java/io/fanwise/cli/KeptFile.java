package io.fanwise.cli;

import io.fanwise.cli.KeptSink.Mark;
import io.fanwise.cli.Remains.Place;
import io.fanwise.pipeline.Sink;
import io.fanwise.rows.Compression;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.function.LongPredicate;

/// The file of results while it is open. What inputs that failed have left in it is taken out when
/// they have done well since: by a shorter file beside, which gets the name when the journal speaks
/// of it.
///
/// Confined to the thread that writes.
final class KeptFile implements Closeable {
  private static final int COPIED_AT_ONCE = 1 << 16;

  private final Path file;
  private final Path folder;
  private final Sink.Sitting sitting;
  private Sink.Output out;
  private Remains remains;
  private long records;
  private long unpacked;
  private Mark.State state = Mark.State.NAMED;

  private KeptFile(
      Path file, Path folder, Sink.Sitting sitting, Sink.Output out, Remains remains, Mark at) {
    this.file = file;
    this.folder = folder;
    this.sitting = sitting;
    this.out = out;
    this.remains = remains;
    this.records = at.records();
    this.unpacked = at.unpacked();
  }

  /// @param folder the state of the run
  static KeptFile open(Path file, Path folder, Mark at, Sink.Sitting sitting) throws IOException {
    if (at.state() == Mark.State.REVISED) {
      rename(file, folder);
    }
    return new KeptFile(
        file,
        folder,
        sitting,
        opened(file, at.bytes(), sitting),
        remains(places(folder), at.remains(), sitting),
        at);
  }

  private static Sink.Output opened(Path file, long length, Sink.Sitting sitting)
      throws IOException {
    Sink<Object> bytes = Sink.records(file, "", (_, record) -> record);
    Optional<String> end = Optional.of(Long.toString(length));
    return bytes.open(new Sink.Sitting(sitting.run(), end, sitting.durability()));
  }

  private static Remains remains(Path file, long length, Sink.Sitting sitting) {
    return new Remains(file, sitting.run(), sitting.durability(), length);
  }

  private static Path places(Path folder) {
    return folder.resolve("remains");
  }

  private static Path shorter(Path file) {
    return file.resolveSibling("revised-" + file.getFileName()); // its end says how it is packed
  }

  /// Writes a record, if it is not empty.
  void write(long position, byte[] bytes) throws IOException {
    if (bytes.length > 0) {
      out.write(position, bytes);
      records++;
      unpacked += bytes.length;
    }
  }

  /// Writes the record of an input that has failed.
  ///
  /// @param heading how many bytes of it are about all records
  void leave(long position, byte[] bytes, int heading) throws IOException {
    if (bytes.length > 0) {
      remains.add(new Place(position, unpacked + heading, bytes.length - heading));
    }
    write(position, bytes);
  }

  Mark commit() throws IOException {
    long length = Long.parseLong(out.commit());
    return new Mark(length, records, unpacked, remains.commit(), state);
  }

  /// Takes out the records of inputs that have failed once, and have not any more. Everything is
  /// committed; the next commit is of the shorter file.
  void revise(LongPredicate failed) throws IOException {
    long[] outdated = {0};
    remains.each(place -> outdated[0] += failed.test(place.position()) ? 0 : 1);
    if (outdated[0] == 0) {
      return;
    }
    Files.deleteIfExists(shorter(file));
    Files.deleteIfExists(shorter(places(folder)));
    Sink.Output less = opened(shorter(file), 0, sitting);
    Remains left = remains(shorter(places(folder)), 0, sitting);
    try (InputStream in =
        new BufferedInputStream(Compression.unpacked(Files.newInputStream(file)))) {
      Copy copy = new Copy(in, less);
      remains.each(place -> {
        copy.upTo(place.from());
        if (failed.test(place.position())) {
          left.add(new Place(place.position(), copy.written, place.bytes()));
          copy.upTo(place.from() + place.bytes());
        } else {
          copy.skip(place.bytes());
        }
      });
      copy.upTo(unpacked);
      unpacked = copy.written;
    }
    records -= outdated[0];
    close();
    out = less;
    remains = left;
    state = Mark.State.REVISED;
  }

  /// A copy of a file, of which some is left out.
  private static final class Copy {
    private final InputStream in;
    private final Sink.Output out;
    private long read;
    private long written;

    Copy(InputStream in, Sink.Output out) {
      this.in = in;
      this.out = out;
    }

    void upTo(long place) throws IOException {
      while (read < place) {
        byte[] bytes = in.readNBytes((int) Math.min(place - read, COPIED_AT_ONCE));
        if (bytes.length == 0) {
          throw new IOException("the results are shorter than they were: put them back");
        }
        out.write(0, bytes);
        read += bytes.length;
        written += bytes.length;
      }
    }

    void skip(long bytes) throws IOException {
      in.skipNBytes(bytes);
      read += bytes;
    }
  }

  /// Gives what the journal speaks of its name.
  void finish() throws IOException {
    if (state == Mark.State.REVISED) {
      rename(file, folder);
    }
  }

  private static void rename(Path file, Path folder) throws IOException {
    for (Path each : new Path[] {file, places(folder)}) {
      Path fresh = shorter(each);
      if (Files.exists(fresh)) {
        Files.move(
            fresh, each, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /// How much was written, as it is stored.
  long bytes() {
    return out.bytes();
  }

  @Override
  public void close() throws IOException {
    try {
      out.close();
    } finally {
      remains.close();
    }
  }
}

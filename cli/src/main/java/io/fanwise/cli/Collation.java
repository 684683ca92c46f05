package io.fanwise.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanwise.rows.Format;
import io.fanwise.rows.Inputs;
import io.fanwise.rows.Reading;
import io.fanwise.rows.Row;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/// Records of several files, put together in the order of the `index` that each has. A file that is
/// in order is read as it is; of others, sorted copies are made in a folder beside.
///
/// Confined to one thread.
final class Collation implements Closeable {
  /// As small as they can be while there are hundreds of files.
  private static final int BUFFER = 1 << 14;

  private final Format format;
  private final Path folder;
  private final long held;
  private final List<Run> runs = new ArrayList<>();
  private int copies;

  /// @param format of all files
  /// @param folder where copies are made; it is not there yet
  /// @param held how many characters of records are kept in memory while a copy is made
  Collation(Format format, Path folder, long held) {
    this.format = format;
    this.folder = folder;
    this.held = held;
  }

  /// A record and its place.
  ///
  /// @param index the position of its input
  /// @param run which of the copies it is for, while copies are made
  /// @param text what is written, without a line end
  private record Entry(long index, int run, String text) {}

  /// Records in order.
  private interface Run extends Closeable {
    /// The next one; an entry with an index of -1 if there are no more.
    Entry next() throws IOException;
  }

  private static final Entry NONE = new Entry(-1, 0, "");

  /// Adds the records of a file.
  void add(Path file) throws IOException {
    if (ordered(file)) {
      runs.add(new Stored(file));
    } else {
      copy(file);
    }
  }

  /// Writes all records, each with a line end; returns how many there are.
  long writeTo(OutputStream out) throws IOException {
    record Ahead(Entry entry, Run run, int place) {}
    PriorityQueue<Ahead> ahead =
        new PriorityQueue<>(
            Comparator.comparingLong((Ahead each) -> each.entry().index())
                .thenComparingInt(Ahead::place));
    for (int i = 0; i < runs.size(); i++) {
      Run run = runs.get(i);
      ahead.add(new Ahead(run.next(), run, i));
    }
    ahead.removeIf(each -> each.entry().index() < 0);
    long records = 0;
    for (Ahead first = ahead.poll(); first != null; first = ahead.poll()) {
      out.write(first.entry().text().getBytes(UTF_8));
      out.write('\n');
      records++;
      Entry next = first.run().next();
      if (next.index() >= 0) {
        ahead.add(new Ahead(next, first.run(), first.place()));
      }
    }
    return records;
  }

  private boolean ordered(Path file) throws IOException {
    try (Stored records = new Stored(file)) {
      long last = -1;
      for (Entry each = records.next(); each.index() >= 0; each = records.next()) {
        if (each.index() < last) {
          return false;
        }
        last = each.index();
      }
      return true;
    }
  }

  /// Makes sorted copies, as few as can be: what comes too late for one is for the next, so that a
  /// file that is almost in order makes one.
  private void copy(Path file) throws IOException {
    PriorityQueue<Entry> waiting =
        new PriorityQueue<>(Comparator.comparingInt(Entry::run).thenComparingLong(Entry::index));
    try (Stored records = new Stored(file);
        Copies all = new Copies()) {
      long bytes = 0;
      for (Entry each = records.next(); each.index() >= 0; each = records.next()) {
        int run = each.index() < all.last ? all.run + 1 : all.run;
        waiting.add(new Entry(each.index(), run, each.text()));
        bytes += each.text().length();
        while (bytes > held) {
          Entry first = waiting.remove();
          bytes -= first.text().length();
          all.write(first);
        }
      }
      while (!waiting.isEmpty()) {
        all.write(waiting.remove());
      }
    }
  }

  /// The copies of one file, of which the last is being written.
  private final class Copies implements Closeable {
    private DataOutputStream out = new DataOutputStream(OutputStream.nullOutputStream());
    private int run = -1;
    private long last = Long.MAX_VALUE;

    void write(Entry entry) throws IOException {
      if (entry.run() != run) {
        out.close();
        Files.createDirectories(folder);
        Path copy = folder.resolve("%d".formatted(copies++));
        out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(copy), BUFFER));
        runs.add(new Copied(copy));
        run = entry.run();
      }
      out.writeLong(entry.index());
      byte[] bytes = entry.text().getBytes(UTF_8);
      out.writeInt(bytes.length);
      out.write(bytes);
      last = entry.index();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }

  /// A file of results.
  private final class Stored implements Run {
    private final Inputs rows;

    Stored(Path file) {
      rows =
          Inputs.of(
              List.of("" + file), InputStream.nullInputStream(), Reading.standard().format(format));
    }

    @Override
    public Entry next() {
      if (!rows.hasNext()) {
        return NONE;
      }
      Row row = rows.next().sound();
      long index =
          format == Format.JSONL
              ? row.json().get("index").asLong()
              : Long.parseLong(row.col("index"));
      return new Entry(index, 0, row.text());
    }

    @Override
    public void close() {
      rows.close();
    }
  }

  /// A sorted copy. It is opened when it is read first.
  private static final class Copied implements Run {
    private final Path file;
    private DataInputStream in = new DataInputStream(InputStream.nullInputStream());
    private boolean open;

    Copied(Path file) {
      this.file = file;
    }

    @Override
    public Entry next() throws IOException {
      if (!open) {
        in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER));
        open = true;
      }
      try {
        long index = in.readLong();
        return new Entry(index, 0, new String(in.readNBytes(in.readInt()), UTF_8));
      } catch (EOFException e) {
        return NONE;
      }
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  /// Closes all, and deletes the copies.
  @Override
  public void close() throws IOException {
    for (Run run : runs) {
      run.close();
    }
    for (int i = 0; i < copies; i++) {
      Files.deleteIfExists(folder.resolve("" + i));
    }
    Files.deleteIfExists(folder);
  }
}

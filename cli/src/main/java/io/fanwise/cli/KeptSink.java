package io.fanwise.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanwise.cli.output.BadOutput;
import io.fanwise.cli.output.Records;
import io.fanwise.cli.output.Rendered;
import io.fanwise.cli.output.Writing;
import io.fanwise.pipeline.Sink;
import io.fanwise.rows.Format;
import io.fanwise.rows.Inputs;
import io.fanwise.rows.Reading;
import io.fanwise.work.Execution;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.LongPredicate;

/// The file that `-o` names, as the sink of a pipeline. Confined to the thread that runs the
/// command, apart from what its outputs write.
///
/// @param <R> the type of results
final class KeptSink<R> implements Sink<R> {
  private final Work<R> work;
  private final Writing writing;
  private final Path file;
  private final Path folder;
  private final Screen screen;
  private long completed;

  /// @param folder the state of the run
  KeptSink(Work<R> work, Writing writing, Path file, Path folder, Screen screen) {
    this.work = work;
    this.writing = writing;
    this.file = file;
    this.folder = folder;
    this.screen = screen;
  }

  /// How many inputs had a result in this sitting.
  long completed() {
    return completed;
  }

  @Override
  public String identity() {
    String parts =
        writing.parts().isEmpty()
            ? ""
            : " with " + new TreeSet<>(writing.parts()).toString().toLowerCase(Locale.ROOT);
    return "%s%s to %s".formatted(writing.format(), parts, file);
  }

  @Override
  public Optional<Path> place() {
    return Optional.of(file);
  }

  @Override
  public Encoder<R> encoder() {
    return new Early<>(writing);
  }

  /// Makes bytes on the worker, where nothing else has to be known.
  private record Early<R>(Writing writing) implements Encoder<R> {
    @Override
    public Object encode(long position, R result) {
      if (result instanceof Printed(var record, var stderr)) {
        return new Printed(writing.at(position, record), stderr);
      }
      if (result instanceof Rendered rendered) {
        String text = writing.plain(rendered);
        return text == null
            ? writing.at(position, rendered)
            : (text + writing.end()).getBytes(UTF_8);
      }
      return result;
    }
  }

  @Override
  public Sink.Output open(Sitting sitting) throws IOException {
    Mark at = Mark.of(sitting.mark());
    KeptFile results = KeptFile.open(file, folder, at, sitting);
    return new Kept(results, new Records(writing, columns(at)));
  }

  /// Those that the first record has named.
  private List<String> columns(Mark at) {
    if (!writing.format().tabular() || at.records() == 0) {
      return List.of();
    }
    return columns(file, writing.format());
  }

  /// The columns of a table that has at least one record.
  static List<String> columns(Path file, Format format) {
    Reading reading = Reading.standard().format(format);
    try (Inputs rows =
        Inputs.of(List.of(file.toString()), InputStream.nullInputStream(), reading)) {
      return rows.next().columns();
    }
  }

  /// How far the file has got, as the journal has it.
  ///
  /// @param bytes how many bytes it has
  /// @param records how many records are in them
  /// @param unpacked how many bytes they are as they were before they were packed
  /// @param remains how many bytes of [Remains] there are
  /// @param state whether it is the file by that name
  record Mark(long bytes, long records, long unpacked, long remains, State state) {
    /// Which file it is.
    enum State {
      /// The one that has the name.
      NAMED,
      /// The one beside that is to have it.
      REVISED
    }

    static Mark of(Optional<String> words) {
      if (words.isEmpty()) {
        return new Mark(0, 0, 0, 0, State.NAMED);
      }
      String[] parts = words.get().split(" ", 5);
      return new Mark(
          Long.parseLong(parts[0]),
          Long.parseLong(parts[1]),
          Long.parseLong(parts[2]),
          Long.parseLong(parts[3]),
          State.valueOf(parts[4]));
    }

    @Override
    public String toString() {
      return "%d %d %d %d %s".formatted(bytes, records, unpacked, remains, state);
    }
  }

  /// What an input that failed leaves in the file. Immutable, as its bytes are left alone.
  private static final class Left {
    private final byte[] bytes;
    private final int heading;

    /// @param bytes what is written
    /// @param heading how many of them name the columns of all records
    Left(byte[] bytes, int heading) {
      this.bytes = bytes;
      this.heading = heading;
    }
  }

  /// The file while it is open.
  private final class Kept implements Sink.Revisable {
    private final KeptFile results;
    private final Records records;

    Kept(KeptFile results, Records records) {
      this.results = results;
      this.records = records;
    }

    @SuppressWarnings("unchecked") // what the encoder leaves is what the task returned
    @Override
    public Object complete(Object encoded, Execution execution) {
      byte[] bytes = encoded instanceof byte[] whole ? whole : bytes((R) encoded, execution);
      completed++;
      return bytes;
    }

    @Override
    public Optional<Object> remains(Throwable error, Execution execution) {
      R result = work.failed(error).orElse(null);
      if (result == null) {
        return Optional.empty();
      }
      try {
        boolean first = records.heading() == 0;
        byte[] bytes = bytes(result, execution);
        return Optional.of(new Left(bytes, first ? records.heading() : 0));
      } catch (BadOutput e) {
        return Optional.empty(); // it does not fit, and has failed anyway
      }
    }

    private byte[] bytes(R result, Execution execution) {
      byte[] bytes = records.bytes(work.record(result), execution.attempts(), execution.duration());
      if (execution.attempts() > 0) { // or it is that of an equal input, which has been said
        screen.pass(work.aside(result));
      }
      return bytes;
    }

    @Override
    public void write(long position, Object encoded) throws IOException {
      if (encoded instanceof Left left) {
        results.leave(position, left.bytes, left.heading);
      } else {
        results.write(position, (byte[]) encoded);
      }
    }

    @Override
    public String commit() throws IOException {
      return results.commit().toString();
    }

    @Override
    public void revise(LongPredicate failed) throws IOException {
      results.revise(failed);
    }

    @Override
    public void finish() throws IOException {
      results.finish();
    }

    @Override
    public long bytes() {
      return results.bytes();
    }

    @Override
    public void close() throws IOException {
      results.close();
    }
  }
}

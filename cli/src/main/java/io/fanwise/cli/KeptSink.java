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

/// The file that `-o` names, as the sink of a pipeline. Confined to the thread that runs the
/// command, apart from what its outputs write.
///
/// @param <R> the type of results
final class KeptSink<R> implements Sink<R> {
  private final Work<R> work;
  private final Writing writing;
  private final Path file;
  private final Screen screen;
  private long completed;

  KeptSink(Work<R> work, Writing writing, Path file, Screen screen) {
    this.work = work;
    this.writing = writing;
    this.file = file;
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
    Sink<Object> bytes = Sink.records(file, "", (_, record) -> record);
    Optional<String> end = Optional.of(Long.toString(at.bytes()));
    Sink.Output appended = bytes.open(new Sitting(sitting.run(), end, sitting.durability()));
    return new Kept(appended, new Records(writing, columns(at)), at.records());
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
  record Mark(long bytes, long records) {
    static Mark of(Optional<String> words) {
      if (words.isEmpty()) {
        return new Mark(0, 0);
      }
      String[] parts = words.get().split(" ", 2);
      return new Mark(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
    }
  }

  /// The file while it is open.
  private final class Kept implements Sink.Output {
    private final Sink.Output appended;
    private final Records records;
    private long count;

    Kept(Sink.Output appended, Records records, long count) {
      this.appended = appended;
      this.records = records;
      this.count = count;
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
      try {
        return work.failed(error).map(result -> bytes(result, execution));
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
      byte[] bytes = (byte[]) encoded;
      if (bytes.length > 0) {
        appended.write(position, bytes);
        count++;
      }
    }

    @Override
    public String commit() throws IOException {
      return appended.commit() + " " + count;
    }

    @Override
    public long bytes() {
      return appended.bytes();
    }

    @Override
    public void close() throws IOException {
      appended.close();
    }
  }
}

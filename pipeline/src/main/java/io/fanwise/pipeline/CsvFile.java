package io.fanwise.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanwise.rows.Csv;
import io.fanwise.rows.Format;
import io.fanwise.rows.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// A csv or tsv file that grows. Its columns are known when it is opened, or are those of the first
/// result. Confined to the thread that writes.
final class CsvFile implements Sink.Selective {
  /// The names of columns are part of each mark, which has 64 kB.
  private static final int LONGEST_NAMES = 32 << 10;

  private final Appended file;
  private final Format format;
  private List<String> columns;

  private CsvFile(Appended file, Format format, List<String> columns) {
    this.file = file;
    this.format = format;
    this.columns = columns;
  }

  /// How to find a place in it again: its end, and its columns.
  record Mark(String end, List<String> columns) {

    static Mark of(String text) {
      int space = text.indexOf(' ');
      return new Mark(
          text.substring(0, space), List.of(Json.read(text.substring(space + 1), String[].class)));
    }

    @Override
    public String toString() {
      return end + " " + Json.text(columns);
    }
  }

  /// @param columns the names of the columns, if they are known
  static CsvFile open(Appended file, Format format, List<String> columns) throws IOException {
    CsvFile csv = new CsvFile(file, format, columns);
    if (!columns.isEmpty()) {
      csv.begin();
    }
    return csv;
  }

  private void begin() throws IOException {
    file.heading((Csv.record(format, columns) + "\n").getBytes(UTF_8));
  }

  @Override
  public void admit(long position, Object encoded) {
    if (encoded instanceof Fields fields) {
      if (columns.isEmpty()) {
        requireShort(fields.names());
      } else if (!columns.equals(fields.names())) {
        requireKnown(fields.names());
      }
    }
  }

  private void requireShort(List<String> names) {
    int bytes = Json.bytes(names).length;
    if (bytes > LONGEST_NAMES) {
      throw new IllegalArgumentException(
          "the names of the %d columns of %s have %d bytes, more than %d: name those that matter"
              .formatted(names.size(), file, bytes, LONGEST_NAMES));
    }
  }

  private void requireKnown(List<String> names) {
    for (String name : names) {
      if (!columns.contains(name)) {
        throw new IllegalArgumentException(
            "%s has no column \"%s\", as its first result had none: it has %s. Name all columns when making the sink."
                .formatted(file, name, String.join(", ", columns)));
      }
    }
  }

  @Override
  public void write(long position, Object encoded) throws IOException {
    file.write(position, encoded instanceof Fields fields ? line(fields) : encoded);
  }

  private byte[] line(Fields fields) throws IOException {
    if (columns.isEmpty()) {
      columns = List.copyOf(fields.names());
      begin();
    }
    boolean same = columns.equals(fields.names());
    List<String> cells = new ArrayList<>(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      int place = same ? i : fields.place(columns.get(i));
      cells.add(place < 0 ? "" : fields.text(place));
    }
    return (Csv.record(format, cells) + "\n").getBytes(UTF_8);
  }

  @Override
  public String commit() throws IOException {
    return new Mark(file.commit(), columns).toString();
  }

  @Override
  public long bytes() {
    return file.bytes();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}

package io.fanwise.cli.output;

import io.fanwise.rows.Columns;
import io.fanwise.rows.Csv;
import io.fanwise.rows.Format;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Where results go, a record for each, each written whole. What is written shows when the buffer
/// is full, or on [#flush()].
///
/// Confined to the thread that writes.
public final class Results implements AutoCloseable {

  private final Writing writing;
  private final Target target;
  private List<String> columns = List.of();

  private Results(Writing writing, Target target) {
    this.writing = writing;
    this.target = target;
  }

  /// Writes to a file, which grows as results come.
  ///
  /// @param file the file; it is emptied, and packed if its name ends in `.gz`, `.zst` or `.zstd`
  /// @param writing how
  /// @param others files that are in use, such as the inputs
  /// @return the output
  /// @throws BadOutput if the file cannot be written, or is one of the others
  public static Results file(Path file, Writing writing, List<Path> others) {
    return new Results(writing, Target.file(file, others));
  }

  /// Writes to standard output.
  ///
  /// @param out the stream; it is closed with the output
  /// @param writing how
  /// @return the output
  public static Results standard(OutputStream out, Writing writing) {
    return new Results(writing, Target.standardOutput(out));
  }

  /// Writes the record of one result.
  ///
  /// @param result the result
  /// @param attempts how often its input was tried
  /// @param time how long the last attempt took
  /// @throws BadOutput if it has other columns than the first one (then nothing is written, and
  ///   others may be), or if nothing can be written any more
  public void write(Rendered result, int attempts, Duration time) {
    switch (result) {
      case Rendered.Fields(var fields) -> writeFields(fields, attempts, time);
      case Rendered.Cells(var names, var values) -> writeCells(names, values, attempts, time);
      case Rendered.Verbatim(var output) -> target.add(output.bytes()).end();
      case Rendered.Silent() -> {}
    }
  }

  /// Hands on everything written so far. (Zstandard files get whole blocks only, until they are
  /// closed.)
  ///
  /// @throws BadOutput if it cannot be written
  public void flush() {
    target.flush();
  }

  /// Hands on everything and closes.
  ///
  /// @throws BadOutput if it cannot be written
  @Override
  public void close() {
    target.close();
  }

  private void writeFields(List<String> fields, int attempts, Duration time) {
    if (writing.parts().isEmpty() && fields.size() == 1) { // the same as below, without the copies
      target.add(fields.getFirst()).end(writing.format() == Format.NUL ? '\0' : '\n');
      return;
    }
    boolean json = writing.format() == Format.JSONL;
    List<String> all = new ArrayList<>(fields);
    if (writing.has(Part.ATTEMPTS)) {
      all.add((json ? "\"attempts\":" : "") + attempts);
    }
    if (writing.has(Part.MS)) {
      all.add((json ? "\"ms\":" : "") + millis(time));
    }
    boolean object = json && !writing.parts().isEmpty();
    target
        .add(object ? "{" + String.join(",", all) + "}" : String.join("\t", all))
        .end(writing.format() == Format.NUL ? '\0' : '\n');
  }

  private void writeCells(List<String> names, List<String> values, int attempts, Duration time) {
    List<String> allNames = new ArrayList<>(names);
    List<String> allValues = new ArrayList<>(values);
    if (writing.has(Part.ATTEMPTS)) {
      allNames.add("attempts");
      allValues.add(Integer.toString(attempts));
    }
    if (writing.has(Part.MS)) {
      allNames.add("ms");
      allValues.add(millis(time));
    }
    List<String> unique = Columns.unique(allNames);
    if (columns.isEmpty()) {
      columns = unique;
      target.add(Csv.record(writing.format(), columns)).end('\n');
    }
    target.add(Csv.record(writing.format(), inOrder(unique, allValues))).end('\n');
  }

  /// Values under the columns of the first record: what is left out is empty, what is new has no
  /// place.
  private List<String> inOrder(List<String> names, List<String> values) {
    if (names.equals(columns)) {
      return values;
    }
    List<String> ordered = new ArrayList<>(Collections.nCopies(columns.size(), ""));
    for (int i = 0; i < names.size(); i++) {
      int place = columns.indexOf(names.get(i));
      if (place < 0) {
        throw new BadOutput(
            "no column for \"%s\": the first result has %s; as jsonl, each result can have its own"
                .formatted(names.get(i), String.join(", ", columns)));
      }
      ordered.set(place, values.get(i));
    }
    return ordered;
  }

  /// To the microsecond, without an exponent.
  private static String millis(Duration time) {
    long micros = time.toNanos() / 1_000;
    return micros / 1_000 + "." + Long.toString(1_000 + micros % 1_000).substring(1);
  }
}

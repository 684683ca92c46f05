package io.fanwise.cli.output;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanwise.rows.Columns;
import io.fanwise.rows.Csv;
import io.fanwise.rows.Format;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Makes bytes of results, one record after another, with their ends; the first record of a table
/// names the columns of all. Confined to one thread.
public final class Records {
  private static final byte[] NOTHING = {};

  private final Writing writing;
  private List<String> columns;

  /// @param writing how results are written
  /// @param columns what the first record has named; nothing if it is still to come
  public Records(Writing writing, List<String> columns) {
    this.writing = writing;
    this.columns = List.copyOf(columns);
  }

  /// How many bytes of the first record name the columns of all; 0 if that is still to come, or no
  /// table.
  ///
  /// @return the number
  public int heading() {
    return columns.isEmpty()
        ? 0
        : (Csv.record(writing.format(), columns) + '\n').getBytes(UTF_8).length;
  }

  /// Makes the record of one result.
  ///
  /// @param result the result
  /// @param attempts how often its input was tried
  /// @param time how long the last attempt took
  /// @return its bytes
  /// @throws BadOutput if it has other columns than the first one
  public byte[] bytes(Rendered result, int attempts, Duration time) {
    return switch (result) {
      case Rendered.Fields(var fields) -> line(fields, attempts, time).getBytes(UTF_8);
      case Rendered.Cells(var names, var values) ->
          row(names, values, attempts, time).getBytes(UTF_8);
      case Rendered.Verbatim(var output) -> output.bytes();
      case Rendered.Silent() -> NOTHING;
    };
  }

  private String line(List<String> fields, int attempts, Duration time) {
    char end = writing.end();
    if (writing.parts().isEmpty() && fields.size() == 1) { // the same as below, without the copies
      return fields.getFirst() + end;
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
    return (object ? "{" + String.join(",", all) + "}" : String.join("\t", all)) + end;
  }

  private String row(List<String> names, List<String> values, int attempts, Duration time) {
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
      return Csv.record(writing.format(), columns)
          + '\n'
          + Csv.record(writing.format(), allValues)
          + '\n';
    }
    return Csv.record(writing.format(), inOrder(unique, allValues)) + '\n';
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

package io.fanwise.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanwise.rows.Csv;
import io.fanwise.rows.Format;
import java.util.ArrayList;
import java.util.List;

/// A result as a record of a csv file whose columns are known, with its line end. Immutable.
///
/// @param format csv or tsv
/// @param columns the names of the columns after `index`
record CsvRecord(Format format, List<String> columns) implements Sink.Encoder<Object> {

  @Override
  public byte[] encode(long position, Object result) throws ReflectiveOperationException {
    return encode(position, result, Fields.of(position, result));
  }

  @Override
  public byte[] encode(long position, byte[] key, Object result)
      throws ReflectiveOperationException {
    return encode(position, result, Fields.of(position, key, result));
  }

  private byte[] encode(long position, Object result, Fields fields) {
    List<String> cells = new ArrayList<>(columns.size() + 1);
    cells.add(Long.toString(position));
    for (String column : columns) {
      int place = fields.place(column);
      if (place < 0 && result instanceof Record) {
        throw new IllegalArgumentException(
            "the result has no column \"%s\": it has %s".formatted(column, fields.names()));
      }
      cells.add(place < 0 ? "" : fields.text(place));
    }
    return (Csv.record(format, cells) + "\n").getBytes(UTF_8);
  }
}

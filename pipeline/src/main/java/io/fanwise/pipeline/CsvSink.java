package io.fanwise.pipeline;

import io.fanwise.rows.Columns;
import io.fanwise.rows.Format;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A csv or tsv file. Immutable.
///
/// @param format which of the two
/// @param columns the names of the columns after `index`; none if the first result is to say
record CsvSink(Target target, Format format, List<String> columns) implements InFile<Object> {
  CsvSink {
    columns = List.copyOf(columns);
    if (!Columns.unique(withIndex(columns)).equals(withIndex(columns))) {
      throw new IllegalArgumentException(
          "every column has a name of its own, and the first is index: name others than "
              + String.join(", ", columns));
    }
  }

  @Override
  public Sink<Object> parts(Parts size) {
    return new CsvSink(target.parts(size), format, columns);
  }

  @Override
  public String identity() {
    return columns.isEmpty()
        ? "%s to %s".formatted(format, target)
        : "%s of %s to %s".formatted(format, String.join(", ", columns), target);
  }

  @Override
  public Optional<Path> place() {
    return Optional.of(target.file());
  }

  @Override
  public Optional<String> occupied() throws IOException {
    return target.occupied();
  }

  @Override
  public Encoder<Object> encoder() {
    return columns.isEmpty() ? Fields.encoder() : new CsvRecord(format, columns);
  }

  @Override
  public Output open(Sitting sitting) throws IOException {
    Optional<CsvFile.Mark> mark = sitting.mark().map(CsvFile.Mark::of);
    Appended appended = target.open(mark.map(CsvFile.Mark::end), sitting.durability());
    try {
      List<String> known = columns.isEmpty() ? List.of() : withIndex(columns);
      return CsvFile.open(appended, format, mark.map(CsvFile.Mark::columns).orElse(known));
    } catch (Throwable e) {
      appended.close();
      throw e;
    }
  }

  private static List<String> withIndex(List<String> columns) {
    List<String> all = new ArrayList<>(List.of(Fields.INDEX));
    all.addAll(columns);
    return all;
  }
}

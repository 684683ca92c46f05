package io.fanwise.parquet;

import io.fanwise.pipeline.Source;
import io.fanwise.rows.Bookmark;
import io.fanwise.rows.Row;
import io.fanwise.work.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The rows of Parquet files, one file after the other. A run that goes on reads from the row group
/// it had come to; what lies before is not read again.
///
/// Numbers, truth values, bytes, dates and times are what they are in the file; lists, maps and
/// groups are JSON.
///
/// Immutable.
public final class ParquetRows implements Source<Row> {
  private final List<Path> files;
  private final List<String> columns;
  private volatile @Nullable OptionalLong size;

  ParquetRows(List<Path> files, List<String> columns) {
    if (files.isEmpty()) {
      throw new IllegalArgumentException("name at least one file to read");
    }
    this.files = List.copyOf(files);
    this.columns = List.copyOf(columns);
  }

  /// Reads only some columns: the others cost nothing then.
  ///
  /// @param names columns of every file, in the order in which rows shall have them
  /// @return a copy
  public ParquetRows columns(String... names) {
    return new ParquetRows(files, List.of(names));
  }

  @Override
  public List<String> identity() throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("as parquet" + (columns.isEmpty() ? "" : ", columns " + String.join(", ", columns)));
    for (Path file : files) {
      lines.add(
          Files.isRegularFile(file)
              ? "%s, %d bytes, of %s"
                  .formatted(file, Files.size(file), Files.getLastModifiedTime(file))
              : file.toString());
    }
    return lines;
  }

  @Override
  public List<Path> files() {
    return files;
  }

  /// How many rows the files say that they have.
  @Override
  public OptionalLong size() {
    OptionalLong known = size;
    if (known == null) {
      known = counted();
      size = known;
    }
    return known;
  }

  private OptionalLong counted() {
    long rows = 0;
    for (Path file : files) {
      try (RowFile open = RowFile.open(file, columns)) {
        rows += open.rows();
      } catch (IOException | RuntimeException e) {
        return OptionalLong.empty(); // whoever reads it will say what is wrong
      }
    }
    return OptionalLong.of(rows);
  }

  @Override
  public Cursor open(Bookmark from) throws IOException {
    return RowFiles.open(files, columns, from);
  }

  @Override
  public Task<Object, Row> decoder() {
    return row -> (Row) row;
  }
}

package io.fanwise.parquet;

import io.fanwise.pipeline.Sink;
import java.nio.file.Path;
import java.util.List;

/// Parquet files.
///
/// ```java
/// Pipeline.read(Parquet.rows(Path.of("items.parquet")))
///     .map(item -> api.score(item.col("id")))
///     .write(Parquet.file(Path.of("answers.parquet")))
/// ```
public final class Parquet {
  private Parquet() {}

  /// The rows of Parquet files, one file after the other. [A
  /// pattern][io.fanwise.pipeline.Source#glob(String)] names many.
  ///
  /// @param files the files
  /// @return the source
  public static ParquetRows rows(Path... files) {
    return new ParquetRows(List.of(files), List.of());
  }

  /// A Parquet file: for each result the position of its input, as `index`, and what it is made of:
  /// the components of a record, the entries of a map, the properties of a JSON object, the columns
  /// of a row; anything else is one column, `result`.
  ///
  /// Columns and their types are those of the first result that is written; a later one that has
  /// another column, or a value that does not fit, fails alone. What has no value in the first
  /// result, and what is no number, truth value or bytes, is text.
  ///
  /// While the run lasts there is a folder `answers.parquet.parts` with a file for each commit;
  /// they come every five seconds. At the end the file is made of them.
  ///
  /// @param file the file
  /// @return the sink
  public static Sink<Object> file(Path file) {
    return new ParquetSink(file);
  }
}

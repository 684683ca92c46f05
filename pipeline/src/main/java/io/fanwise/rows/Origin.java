package io.fanwise.rows;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where rows with values of their own types come from: a query, a Parquet file. Immutable.
///
/// @param name what people call it, without secrets
/// @param columns its columns
/// @param key the column by which people find a row in it again; empty if that is the row's number
public record Origin(String name, Columns columns, String key) implements Serializable {

  /// Where rows come from.
  ///
  /// @param name what people call it, without secrets
  /// @param columns the names of its columns; one that comes again gets a number
  /// @param key the column by which people find a row in it again; empty if that is the row's
  ///   number
  /// @return the origin
  public static Origin of(String name, List<String> columns, String key) {
    return new Origin(name, Columns.named(columns), key);
  }

  /// A row from here.
  ///
  /// @param number its number in the run, from 1
  /// @param line its number here, from 1
  /// @param values a value for each column, or null: text, numbers, truth values, bytes, points in
  ///   time, JSON; anything else is its `toString()`
  /// @return the row
  public Row row(long number, long line, @Nullable Object... values) {
    if (values.length != columns.count()) {
      throw new IllegalArgumentException(
          "%s has %d columns, but the row %d values"
              .formatted(name, columns.count(), values.length));
    }
    return new ValuesRow(this, number, line, values.clone());
  }
}

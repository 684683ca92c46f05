package io.fanwise.pipeline;

import io.fanwise.rows.Bookmark;
import io.fanwise.rows.Row;
import io.fanwise.work.Task;
import java.util.List;

/// The rows of a query, in the order of a key. Immutable.
///
/// @param sql the query
/// @param key the column that tells rows apart
record QuerySource(Database database, String sql, String key) implements Source<Row> {

  @Override
  public List<String> identity() {
    return List.of("query of %s by %s: %s".formatted(database.name(), key, sql));
  }

  @Override
  public QueryRows open(Bookmark from) {
    return QueryRows.open(this, from);
  }

  @Override
  public void requireSame(Bookmark known) {
    if (!known.key().isEmpty()) {
      open(known).close();
    }
  }

  @Override
  public Task<Object, Row> decoder() {
    return row -> (Row) row;
  }

  /// The query as a table.
  String table() {
    return "(%s\n) fan_rows".formatted(sql); // a comment ends with its line
  }

  @Override
  public String toString() {
    return "the query of %s by %s (%s)".formatted(database.name(), key, sql);
  }
}

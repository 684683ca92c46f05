package io.fanwise.pipeline;

import io.fanwise.rows.Row;

/// A query of a database, which becomes a source when its key is named. Immutable.
///
/// ```java
/// Source.query("jdbc:postgresql://host/shop", "SELECT id, name FROM items").by("id")
/// ```
public final class Query {
  private final Database database;
  private final String sql;

  Query(Database database, String sql) {
    this.database = database;
    this.sql = sql.strip().replaceFirst("[;\\s]+$", "");
    if (this.sql.isEmpty()) {
      throw new IllegalArgumentException("the query is empty");
    }
  }

  /// Names the column that tells rows apart: each row has another value in it, of whole or decimal
  /// numbers, text or dates, and none is null. Rows come in its order, so it should have an index;
  /// and a run that goes on asks only for rows after the last key that it knows to be done.
  ///
  /// The position of a row is how many have a smaller key. A row that comes or goes before others
  /// moves them, so the run is refused when there are more or fewer rows up to that key than there
  /// were. Let keys grow, as those of a sequence do: then new rows come last.
  ///
  /// @param column a column of the query
  /// @return the source
  public Source<Row> by(String column) {
    return new QuerySource(database, sql, column);
  }
}

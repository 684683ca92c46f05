package io.fanwise.pipeline;

import io.fanwise.rows.BadInput;
import io.fanwise.rows.Bookmark;
import io.fanwise.rows.Origin;
import io.fanwise.rows.Row;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// The rows of a query as they are read. A connection that is lost is made once more, after the
/// last key; if no row comes then either, that is the end. Confined to the thread that reads.
final class QueryRows implements Source.Cursor {
  private final QuerySource query;
  private QueryResult result;
  private long number;
  private long since;
  private @Nullable SqlKey key;
  private @Nullable Row row;

  private QueryRows(QuerySource query, QueryResult result, Bookmark from) {
    this.query = query;
    this.result = result;
    this.number = from.number();
    this.since = from.number();
    this.key = from.key().isEmpty() ? null : SqlKey.parsed(from.key());
  }

  /// @throws RunRefused if there are more or fewer rows before the bookmark than there were
  /// @throws BadInput if the database refuses the query, or it has no such key
  static QueryRows open(QuerySource query, Bookmark from) {
    try {
      return new QueryRows(query, QueryResult.open(query, from), from);
    } catch (SQLException e) {
      throw failed(query, e);
    }
  }

  private static BadInput failed(QuerySource query, SQLException e) {
    BadInput failed = new BadInput("Cannot read %s: %s".formatted(query, e.getMessage()));
    failed.initCause(e);
    return failed;
  }

  @Override
  public boolean advance() {
    try {
      return read();
    } catch (SQLException e) {
      if (number == since || Thread.currentThread().isInterrupted()) {
        throw failed(query, e);
      }
      return readAgain(e);
    }
  }

  private boolean readAgain(SQLException lost) {
    since = number;
    try {
      result.close();
      result = QueryResult.open(query, bookmark());
      return read();
    } catch (SQLException e) {
      lost.addSuppressed(e);
      throw failed(query, lost);
    }
  }

  private boolean read() throws SQLException {
    @Nullable Object[] values = result.next();
    if (values == null) {
      row = null;
      return false;
    }
    Origin origin = result.origin();
    SqlKey next = SqlKey.of(values[result.keyPlace()], query.key());
    if (next.equals(key)) {
      throw new BadInput(
          "%s comes twice as %s in %s: name a column by which rows can be told apart"
              .formatted(next, query.key(), query));
    }
    key = next;
    row = origin.row(number + 1, number + 1, values);
    number++;
    return true;
  }

  @Override
  public Object value() {
    if (row == null) {
      throw new IllegalStateException("no row was read");
    }
    return row;
  }

  @Override
  public Bookmark bookmark() {
    Bookmark place = new Bookmark(number, 0, 0, -1, 0);
    return key == null ? place : place.key(key.text());
  }

  @Override
  public void close() {
    result.close();
  }
}

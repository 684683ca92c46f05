package io.fanwise.pipeline;

import io.fanwise.rows.BadInput;
import io.fanwise.rows.Bookmark;
import io.fanwise.rows.Origin;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// What a database answers to a query, over one connection, from a place on. It comes as it is
/// asked for, so memory is bounded where the database and its driver can do that. Confined to the
/// thread that reads.
final class QueryResult implements AutoCloseable {
  /// So many rows are fetched at a time, where that can be said; they are in memory then.
  private static final int FETCH = 1_000;

  private final QuerySource query;
  private final Connection connection;
  private final Dialect dialect;
  private final ResultColumns columns;
  private final int keyPlace;
  private final Origin origin;
  private @Nullable ResultSet rows;

  // READING ──▶ EXHAUSTED ──▶ CLOSED     (close() from any state)
  private enum State {
    READING,
    EXHAUSTED,
    CLOSED
  }

  private State state = State.READING;

  private QueryResult(
      QuerySource query,
      Connection connection,
      Dialect dialect,
      ResultColumns columns,
      int keyPlace) {
    this.query = query;
    this.connection = connection;
    this.dialect = dialect;
    this.columns = columns;
    this.keyPlace = keyPlace;
    this.origin =
        Origin.of(query.database().name(), columns.names(), columns.names().get(keyPlace));
  }

  /// Asks for the rows after a bookmark.
  static QueryResult open(QuerySource query, Bookmark from) throws SQLException {
    Connection connection = query.database().connect();
    try {
      Dialect dialect = Dialect.of(connection);
      prepare(connection, dialect);
      ResultColumns columns = columns(query, connection, dialect);
      QueryResult result =
          new QueryResult(query, connection, dialect, columns, keyPlace(query, columns));
      result.requireKeys();
      result.begin(from);
      return result;
    } catch (Throwable e) {
      connection.close();
      throw e;
    }
  }

  /// PostgreSQL sends a result by and by only within a transaction; and what is counted is to be
  /// what is read.
  private static void prepare(Connection connection, Dialect dialect) throws SQLException {
    if (dialect == Dialect.POSTGRESQL) {
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    }
    connection.setAutoCommit(false);
  }

  private static ResultColumns columns(QuerySource query, Connection connection, Dialect dialect)
      throws SQLException {
    try (PreparedStatement statement =
            connection.prepareStatement("SELECT * FROM %s WHERE 1=0".formatted(query.table()));
        ResultSet none = statement.executeQuery()) {
      return ResultColumns.of(none.getMetaData(), dialect);
    } catch (SQLException e) {
      BadInput refused =
          new BadInput(
              "%s refuses the query: %s. It was: %s"
                  .formatted(query.database().name(), e.getMessage(), query.sql()));
      refused.initCause(e);
      throw refused;
    }
  }

  private static int keyPlace(QuerySource query, ResultColumns columns) {
    try {
      return columns.place(query.key());
    } catch (IllegalArgumentException e) {
      throw new BadInput("Cannot read %s: %s".formatted(query, e.getMessage()));
    }
  }

  private String quotedKey() throws SQLException {
    String quote = connection.getMetaData().getIdentifierQuoteString().strip();
    String name = columns.names().get(keyPlace);
    return quote + name.replace(quote, quote + quote) + quote;
  }

  /// A null has no place in the order of keys, and no comparison finds it.
  private void requireKeys() throws SQLException {
    String sql = "SELECT count(*) FROM %s WHERE %s IS NULL".formatted(query.table(), quotedKey());
    long without = count(sql, null);
    if (without > 0) {
      throw new BadInput(
          "%s is null in %,d rows of %s: name a column that has a value in each row, or leave those rows out"
              .formatted(query.key(), without, query));
    }
  }

  private void begin(Bookmark from) throws SQLException {
    String all = "SELECT * FROM %s".formatted(query.table());
    String order = " ORDER BY " + quotedKey();
    if (from.key().isEmpty()) {
      rows = ask(all + order, null);
      skip(from.number());
      return;
    }
    SqlKey last = SqlKey.parsed(from.key());
    long before =
        count("SELECT count(*) FROM %s WHERE %s <= ?".formatted(query.table(), quotedKey()), last);
    if (before != from.number()) {
      throw new RunRefused(
          RunRefused.Reason.CHANGED,
          "%s has other rows than when it was read last: %,d up to %s %s, and not %,d"
              .formatted(query, before, query.key(), last, from.number()),
          ". What was done would be taken for what was not: put them back, or start over by fresh.");
    }
    rows = ask(all + " WHERE " + quotedKey() + " > ?" + order, last);
  }

  private long count(String sql, @Nullable SqlKey parameter) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      if (parameter != null) {
        parameter.set(statement, 1, dialect);
      }
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? row.getLong(1) : 0;
      }
    }
  }

  private ResultSet ask(String sql, @Nullable SqlKey parameter) throws SQLException {
    PreparedStatement statement =
        connection.prepareStatement(sql, ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY);
    statement.setFetchSize(fetch());
    if (parameter != null) {
      parameter.set(statement, 1, dialect);
    }
    statement.closeOnCompletion();
    return statement.executeQuery();
  }

  /// MySQL's own driver holds the whole result in memory, unless it is told this number.
  private int fetch() throws SQLException {
    return connection.getMetaData().getDriverName().startsWith("MySQL") ? Integer.MIN_VALUE : FETCH;
  }

  private void skip(long count) throws SQLException {
    for (long left = count; left > 0; left--) {
      if (next() == null) {
        throw new BadInput(
            "%s has fewer rows than when it was read last: %,d, not %,d"
                .formatted(query, count - left, count));
      }
    }
  }

  /// The values of the next row; null after the last.
  @Nullable Object @Nullable [] next() throws SQLException {
    ResultSet from = rows;
    if (state != State.READING || from == null || !from.next()) {
      state = State.EXHAUSTED;
      return null;
    }
    return columns.read(from);
  }

  int keyPlace() {
    return keyPlace;
  }

  /// What rows have in common.
  Origin origin() {
    return origin;
  }

  /// Whatever goes wrong here takes nothing from what was read.
  @Override
  public void close() {
    boolean midway = state == State.READING;
    state = State.CLOSED;
    try {
      if (midway && dialect == Dialect.MYSQL) {
        connection.abort(Runnable::run); // closing reads the rest first, all of it
      } else {
        connection.rollback();
        connection.close();
      }
    } catch (SQLException e) {
      closeAnyway();
    }
  }

  private void closeAnyway() {
    try {
      connection.close();
    } catch (SQLException e) {
      // it is lost already
    }
  }
}

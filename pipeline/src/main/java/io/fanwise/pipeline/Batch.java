package io.fanwise.pipeline;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// Rows on their way into a table, many at a time. Confined to the thread that writes.
final class Batch implements Loading {
  /// Beyond that, a statement for more rows is hardly faster.
  private static final int MOST = 1_000;

  private final Rows rows;
  private @Nullable PreparedStatement statement;
  private Rows.@Nullable Mapping mapping;
  private int waiting;

  Batch(Rows rows) {
    this.rows = rows;
  }

  @Override
  public void add(Fields fields) throws SQLException {
    Rows.Mapping wanted = rows.mapping(fields);
    PreparedStatement insert = statement(wanted);
    int place = 1;
    for (Rows.Route route : wanted.routes()) {
      SqlValue.set(insert, place++, fields.value(route.field()), route.column().type());
    }
    insert.addBatch();
    waiting++;
    if (waiting == MOST) {
      flush();
    }
  }

  private PreparedStatement statement(Rows.Mapping wanted) throws SQLException {
    if (statement == null || !wanted.equals(mapping)) {
      flush();
      close();
      statement = rows.statement(wanted.columns());
      mapping = wanted;
    }
    return statement;
  }

  @Override
  public void flush() throws SQLException {
    if (statement != null && waiting > 0) {
      waiting = 0;
      statement.executeBatch();
    }
  }

  @Override
  public void close() throws SQLException {
    if (statement != null) {
      statement.close();
      statement = null;
    }
  }
}

package io.fanwise.pipeline;

import static java.util.stream.Collectors.joining;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.List;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/// Rows on their way into a table of DuckDB by its appender, which is many times as fast as its
/// statements. With a key of the user's they go to a table of this connection first, and from there
/// over the rows with the same key. Confined to the thread that writes.
final class Appending implements Loading {
  private final Rows rows;
  private final Connection connection;
  private final List<Rows.Column> columns;
  private final @Nullable String key;
  private final String target;
  private final DuckDBAppender appender;
  private Rows.@Nullable Mapping mapping;
  private boolean waiting;

  private Appending(Rows rows, Connection connection, @Nullable String key) throws SQLException {
    this.rows = rows;
    this.connection = connection;
    this.columns = rows.columns();
    this.key = key;
    DuckDBConnection duck = connection.unwrap(DuckDBConnection.class);
    if (key == null) {
      this.target = rows.table();
      List<String> path = rows.path();
      this.appender =
          path.size() == 1
              ? duck.createAppender(path.getFirst())
              : duck.createAppender(path.get(path.size() - 2), path.getLast());
    } else {
      this.target = rows.quoted("fan_" + rows.path().getLast());
      execute(
          "CREATE OR REPLACE TEMP TABLE %s AS SELECT * FROM %s LIMIT 0"
              .formatted(target, rows.table()));
      this.appender = duck.createAppender("temp", "main", "fan_" + rows.path().getLast());
    }
  }

  /// The fastest way into a table of DuckDB: the appender, if it knows the types of all columns.
  static Loading into(Rows rows, Connection connection, @Nullable String key) throws SQLException {
    return knows(rows.columns()) ? new Appending(rows, connection, key) : new Batch(rows);
  }

  /// Whether it knows the types of all columns.
  static boolean knows(List<Rows.Column> columns) {
    return columns.stream().allMatch(column -> known(column.type()));
  }

  private static boolean known(int type) {
    return switch (type) {
      case Types.BOOLEAN,
          Types.INTEGER,
          Types.BIGINT,
          Types.FLOAT,
          Types.DOUBLE,
          Types.VARCHAR,
          Types.BLOB ->
          true;
      default -> false;
    };
  }

  @Override
  public void add(Fields fields) throws SQLException {
    Rows.Mapping wanted = rows.mapping(fields);
    if (!wanted.equals(mapping)) {
      flush();
      mapping = wanted;
    }
    waiting = true;
    appender.beginRow();
    int at = 0;
    List<Rows.Route> routes = wanted.routes();
    for (Rows.Column column : columns) {
      if (at < routes.size() && routes.get(at).column().equals(column)) {
        append(fields, routes.get(at).field(), column.type());
        at++;
      } else if (key == null) {
        appender.appendDefault();
      } else {
        appender.appendNull(); // what waits has no defaults
      }
    }
    appender.endRow();
  }

  private void append(Fields fields, int place, int type) throws SQLException {
    Object value = fields.value(place);
    if (value == null) {
      appender.appendNull();
      return;
    }
    switch (type) {
      case Types.BOOLEAN -> appender.append(((Boolean) value).booleanValue());
      case Types.INTEGER -> appender.append(((Number) value).intValue());
      case Types.BIGINT -> appender.append(((Number) value).longValue());
      case Types.FLOAT -> appender.append(((Number) value).floatValue());
      case Types.DOUBLE -> appender.append(((Number) value).doubleValue());
      case Types.BLOB -> appender.append((byte[]) value);
      default -> appender.append(fields.text(place));
    }
  }

  @Override
  public void flush() throws SQLException {
    if (!waiting) {
      return;
    }
    waiting = false;
    appender.flush();
    if (key != null && mapping != null) {
      execute(over(mapping.columns(), key));
      execute("DELETE FROM " + target);
    }
  }

  /// Of rows with the same key, the last counts.
  private String over(List<Rows.Column> written, String key) {
    List<String> names = written.stream().map(column -> rows.quoted(column.name())).toList();
    String others =
        names.stream()
            .filter(name -> !name.equals(key))
            .map(name -> name + "=excluded." + name)
            .collect(joining(","));
    String all = String.join(",", names);
    return "INSERT INTO %s (%s) SELECT %s FROM %s QUALIFY row_number() OVER (PARTITION BY %s ORDER BY rowid DESC)=1 ON CONFLICT (%s) DO %s"
        .formatted(
            rows.table(),
            all,
            all,
            target,
            key,
            key,
            others.isEmpty() ? "NOTHING" : "UPDATE SET " + others);
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws SQLException {
    appender.close();
  }
}

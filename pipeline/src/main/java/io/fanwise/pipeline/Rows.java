package io.fanwise.pipeline;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The rows of a table: which columns they have, and which values fit into them. Confined to the
/// thread that writes.
final class Rows {
  private final Connection connection;
  private final Dialect dialect;
  private final String quote;
  private final String table;
  private final List<String> path;
  private final Optional<String> key;
  private List<Column> columns;
  private @Nullable Mapping latest;
  private @Nullable Boolean permissive;

  Rows(Connection connection, String name, Optional<String> key) throws SQLException {
    this.connection = connection;
    this.dialect = Dialect.of(connection);
    this.quote = connection.getMetaData().getIdentifierQuoteString().strip();
    this.path = List.of(name.split("\\.", -1));
    this.table = String.join(".", path.stream().map(this::quoted).toList());
    this.key = key;
    this.columns = columns(table);
  }

  /// A column of the table. Immutable.
  ///
  /// @param type one of [java.sql.Types]
  record Column(String name, int type) {}

  /// Where a field of a result goes. Immutable.
  ///
  /// @param field the place of the field
  /// @param column the column
  record Route(int field, Column column) {}

  /// Where the fields of a result go. Immutable.
  ///
  /// @param names the names of the fields
  /// @param routes in the order of columns
  record Mapping(List<String> names, List<Route> routes) {
    List<Column> columns() {
      return routes.stream().map(Route::column).toList();
    }
  }

  boolean exists() {
    return !columns.isEmpty();
  }

  /// The table's name as it is written in SQL.
  String table() {
    return table;
  }

  /// The table's name, after that of its schema.
  List<String> path() {
    return path;
  }

  /// The columns, once it exists.
  List<Column> columns() {
    return columns;
  }

  /// How rows get into it, once it exists.
  Loading loading() throws SQLException {
    return dialect == Dialect.DUCKDB
        ? Appending.into(
            this, connection, key.map(each -> quoted(column(each).name())).orElse(null))
        : new Batch(this);
  }

  Dialect dialect() {
    return dialect;
  }

  /// Whether every row that was admitted is taken, as far as can be known.
  boolean permissive() throws SQLException {
    if (permissive == null && exists()) {
      permissive = Appending.knows(columns) && !conditional();
    }
    return permissive == null || permissive;
  }

  private boolean conditional() throws SQLException {
    String sql = dialect.conditions();
    if (sql.isEmpty()) {
      return true;
    }
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, path.getLast());
      statement.setString(2, key.orElse(""));
      try (ResultSet count = statement.executeQuery()) {
        return count.next() && count.getLong(1) > 0;
      }
    }
  }

  /// Whether there are any.
  boolean any() throws SQLException {
    if (!exists()) {
      return false;
    }
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT * FROM " + table)) {
      return rows.next();
    }
  }

  /// A name as it is written in SQL.
  String quoted(String name) {
    return quote + name.replace(quote, quote + quote) + quote;
  }

  /// Columns of a table; none if there is no such table.
  List<Column> columns(String quotedTable) throws SQLException {
    List<Column> all = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet none = statement.executeQuery("SELECT * FROM " + quotedTable + " WHERE 1=0")) {
      ResultSetMetaData each = none.getMetaData();
      for (int i = 1; i <= each.getColumnCount(); i++) {
        all.add(new Column(each.getColumnName(i), each.getColumnType(i)));
      }
    } catch (SQLException e) {
      all.clear(); // it is not there; if it is something else, making it will say so
      if (!connection.getAutoCommit()) {
        connection.rollback();
      }
    }
    return List.copyOf(all);
  }

  /// Makes the table for results like one.
  void create(Fields fields) throws SQLException {
    List<String> parts = new ArrayList<>();
    String primary = key.orElse(Fields.INDEX);
    for (int i = 0; i < fields.names().size(); i++) {
      String name = fields.names().get(i);
      if (key.isPresent() && fields.ofInput(i) && !name.equals(primary)) {
        continue;
      }
      String type = dialect.type(fields.value(i));
      boolean first = name.equals(primary);
      parts.add(
          quoted(name)
              + " "
              + (first && type.equals(dialect.text()) ? dialect.shortText() : type)
              + (first && (key.isPresent() || dialect.keyed()) ? " PRIMARY KEY" : ""));
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE %s (%s)".formatted(table, String.join(", ", parts)));
    }
    columns = columns(table);
  }

  /// What writes rows whose fields go to these columns.
  PreparedStatement statement(List<Column> written) throws SQLException {
    List<String> names = written.stream().map(column -> quoted(column.name())).toList();
    return connection.prepareStatement(
        key.isPresent()
            ? dialect.upsert(table, names, quoted(column(key.get()).name()))
            : dialect.insert(table, names));
  }

  private Column column(String name) {
    return find(name)
        .orElseThrow(
            () -> new IllegalArgumentException("table %s has no column %s".formatted(table, name)));
  }

  private Optional<Column> find(String name) {
    return columns.stream().filter(column -> column.name().equalsIgnoreCase(name)).findFirst();
  }

  /// Finds the column of each field.
  ///
  /// @throws IllegalArgumentException if a field has none
  Mapping mapping(Fields fields) {
    if (latest != null && latest.names.equals(fields.names())) {
      return latest;
    }
    boolean[] named = new boolean[fields.names().size()];
    List<Route> routes = new ArrayList<>();
    for (Column column : columns) {
      for (int i = 0; i < named.length; i++) {
        if (!named[i] && column.name().equalsIgnoreCase(fields.names().get(i))) {
          named[i] = true;
          routes.add(new Route(i, column));
          break;
        }
      }
    }
    for (int i = 0; i < named.length; i++) {
      boolean needed = i == 0 ? key.isEmpty() : !fields.ofInput(i);
      if (needed && !named[i]) {
        throw new IllegalArgumentException(
            "table %s has no column \"%s\": it has %s"
                .formatted(table, fields.names().get(i), names()));
      }
    }
    latest = new Mapping(fields.names(), List.copyOf(routes));
    return latest;
  }

  private String names() {
    return String.join(", ", columns.stream().map(Column::name).toList());
  }

  /// Refuses a result that has no place in the table.
  ///
  /// @throws IllegalArgumentException if a field has no column, its value does not fit, or the key
  ///   is missing
  void admit(Fields fields) {
    requireKey(fields);
    if (!exists()) {
      requireDifferent(fields.names());
      return;
    }
    Mapping mapping = mapping(fields);
    if (dialect.typed()) {
      for (Route route : mapping.routes) {
        Column column = route.column;
        Object value = fields.value(route.field);
        if (value != null && !SqlValue.fits(value, column.type())) {
          throw new IllegalArgumentException(
              "%s (%s) does not fit column %s of table %s: make the table with another type for it"
                  .formatted(value, value.getClass().getSimpleName(), column.name(), table));
        }
      }
    }
  }

  private void requireKey(Fields fields) {
    if (key.isPresent()) {
      int place = fields.place(key.get());
      if (place < 0 || fields.value(place) == null) {
        throw new IllegalArgumentException(
            "the result has no %s, which is the key of table %s: it has %s"
                .formatted(key.get(), table, fields.names()));
      }
    }
  }

  private void requireDifferent(List<String> names) {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name.toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException(
            "a table cannot have columns that differ in case only: " + names);
      }
    }
  }

  /// Takes out all rows.
  void clear() throws SQLException {
    if (exists()) {
      try (Statement statement = connection.createStatement()) {
        statement.executeUpdate("DELETE FROM " + table);
      }
    }
  }

  /// Takes out the rows of positions.
  void remove(Stretches positions) throws SQLException {
    String index = quoted(column(Fields.INDEX).name());
    try (PreparedStatement statement =
        connection.prepareStatement(
            "DELETE FROM %s WHERE %s >= ? AND %s < ?".formatted(table, index, index))) {
      positions.forEach((from, to) -> {
        statement.setLong(1, from);
        statement.setLong(2, to);
        statement.executeUpdate();
      });
    }
  }
}

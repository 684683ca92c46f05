package io.fanwise.pipeline;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/// A database that is empty, of one of the kinds that are tried. SQL is written with names in
/// double quotes. Immutable.
///
/// @param kind which kind
/// @param url leads to it
record TriedDatabase(Kind kind, String url) {

  enum Kind {
    SQLITE,
    DUCKDB,
    H2,
    POSTGRESQL,
    MARIADB
  }

  /// Makes one; the test is skipped if its server is not installed.
  ///
  /// @param folder where it may put files
  static TriedDatabase of(Kind kind, Path folder) throws IOException, SQLException {
    Path file = folder.resolve("db");
    return new TriedDatabase(
        kind,
        switch (kind) {
          case SQLITE -> "jdbc:sqlite:" + file;
          case DUCKDB -> "jdbc:duckdb:" + file;
          case H2 -> "jdbc:h2:" + file;
          case POSTGRESQL -> PostgresServer.shared().database();
          case MARIADB -> MariaServer.shared().database();
        });
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(own(sql));
    }
  }

  /// The rows that come, a line for each.
  List<String> rows(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet each = statement.executeQuery(own(sql))) {
      List<String> rows = new ArrayList<>();
      while (each.next()) {
        StringJoiner row = new StringJoiner(" ");
        for (int i = 1; i <= each.getMetaData().getColumnCount(); i++) {
          row.add(each.getString(i));
        }
        rows.add(row.toString());
      }
      return rows;
    }
  }

  /// The positions that have a row in a table, in order.
  List<Integer> indexes(String table) throws SQLException {
    return rows("SELECT \"index\" FROM \"%s\" ORDER BY 1".formatted(table)).stream()
        .map(Integer::valueOf)
        .toList();
  }

  private String own(String sql) {
    return kind == Kind.MARIADB ? sql.replace('"', '`') : sql;
  }
}

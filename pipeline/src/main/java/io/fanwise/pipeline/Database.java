package io.fanwise.pipeline;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/// A database, and how it is connected to. Immutable.
///
/// @param name what tells it from others, without secrets
/// @param file where it lives, if it is a file
/// @param connecting connects to it
record Database(String name, Optional<Path> file, Table.Connecting connecting) {
  private static final Map<String, String> DRIVERS =
      Map.of(
          "sqlite", "org.xerial:sqlite-jdbc",
          "duckdb", "org.duckdb:duckdb_jdbc",
          "postgresql", "org.postgresql:postgresql",
          "mysql", "com.mysql:mysql-connector-j",
          "mariadb", "org.mariadb.jdbc:mariadb-java-client",
          "h2", "com.h2database:h2");

  /// Connects by a URL; equal ones lead to the same database.
  private record Url(String url) implements Table.Connecting {
    @Override
    public Connection connect() throws SQLException {
      return Database.connect(url);
    }

    @Override
    public String toString() {
      return withoutSecrets(url);
    }
  }

  /// A database that is a file.
  static Database file(String kind, Path file) {
    String url = "jdbc:" + kind + ":" + file;
    return new Database(file.toString(), Optional.of(file), new Url(url));
  }

  /// What a URL leads to, to be read from: results come as they are asked for, also where that has
  /// to be said when connecting.
  static Database read(String url) {
    return new Database(withoutSecrets(url), Optional.empty(), () -> connect(url, streamed(url)));
  }

  /// DuckDB holds whole results in memory otherwise.
  private static Properties streamed(String url) {
    Properties properties = new Properties();
    if (url.startsWith("jdbc:duckdb:")) {
      properties.setProperty("jdbc_stream_results", "true");
    }
    return properties;
  }

  /// What a URL leads to.
  static Database at(String url) {
    return new Database(withoutSecrets(url), Optional.empty(), new Url(url));
  }

  /// Passwords stand behind the first `?` or `;`, or before an `@`.
  private static String withoutSecrets(String url) {
    return url.replaceFirst("[?;].*", "")
        .replaceFirst("//[^/]*@", "//")
        .replaceFirst(":[^:]*/[^/]*@", ":@");
  }

  private static Connection connect(String url) throws SQLException {
    return connect(url, new Properties());
  }

  private static Connection connect(String url, Properties properties) throws SQLException {
    if (DriverManager.drivers().noneMatch(driver -> accepts(driver, url))) {
      throw new SQLException(missing(url));
    }
    try {
      return DriverManager.getConnection(url, properties);
    } catch (SQLException e) {
      throw Secrets.in(url).without(e);
    }
  }

  private static boolean accepts(Driver driver, String url) {
    try {
      return driver.acceptsURL(url);
    } catch (SQLException e) {
      return false; // it cannot be the right one then
    }
  }

  private static String missing(String url) {
    String[] parts = url.split(":", 3);
    String kind = parts.length > 1 ? parts[1] : url;
    return "no JDBC driver for %s is there: add %s to the class path"
        .formatted(kind, DRIVERS.getOrDefault(kind, "that of the database"));
  }

  Connection connect() throws SQLException {
    return connecting.connect();
  }
}

package io.fanwise.pipeline;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// A database server of the tests' own, on this machine, with data that nobody else has. Ends with
/// its JVM, whatever becomes of that.
///
/// ```java
/// DatabaseServer server = PostgresServer.shared();
/// String url = server.database();
/// ```
///
/// Safe for use by many threads.
abstract sealed class DatabaseServer permits PostgresServer, MariaServer {
  static final String USER = "fan";

  /// It goes into URLs, and must never be seen anywhere else.
  static final String PASSWORD = "never-to-be-seen";

  private final AtomicInteger databases = new AtomicInteger();
  private final ServerProgram program;

  DatabaseServer(ServerProgram program) {
    this.program = program;
  }

  /// Makes an empty database.
  ///
  /// @return its JDBC URL, with user and password
  String database() throws SQLException {
    String name = "db" + databases.incrementAndGet();
    try (Connection connection = DriverManager.getConnection(url(firstDatabase()));
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    }
    return url(name);
  }

  /// Ends it as a power cut would: no transaction is ended, no client told.
  void kill() throws IOException {
    program.kill();
  }

  /// Starts it again on the same data and the same port, after it was killed.
  void start() throws IOException {
    program.start(command(), () -> DriverManager.getConnection(url(firstDatabase())).close());
  }

  /// Whether it runs.
  boolean alive() {
    return program.alive();
  }

  Path folder() {
    return program.folder();
  }

  int port() {
    return program.port();
  }

  /// The program that is the server, with its arguments.
  abstract List<String> command() throws IOException;

  /// A database that is there from the start.
  abstract String firstDatabase();

  /// The URL of a database.
  abstract String url(String name);
}

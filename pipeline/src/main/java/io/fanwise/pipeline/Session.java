package io.fanwise.pipeline;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import org.jspecify.annotations.Nullable;

/// A connection to a database, and the transaction that all tables of a run in that database have
/// in common. Confined to the thread that writes.
///
/// ```
/// EMPTY ──▶ PART ──▶ KEPT ──▶ PART …     begin(), keep(): what was written between stays
///           PART ──▶ EMPTY or KEPT       undo(): it does not
/// ```
final class Session implements AutoCloseable {
  private final Database database;
  private final Connection connection;
  private final Dialect dialect;
  private final boolean divisible;
  private final Durability durability;
  private @Nullable Savepoint savepoint;
  private int tables;
  private int sealed;

  private Session(Database database, Connection connection, Durability durability)
      throws SQLException {
    this.durability = durability;
    this.database = database;
    this.connection = connection;
    this.dialect = Dialect.of(connection);
    this.divisible = connection.getMetaData().supportsSavepoints();
  }

  /// Connects.
  static Session open(Database database, Durability durability) throws IOException {
    try {
      Connection connection = database.connect();
      try {
        Session session = new Session(database, connection, durability);
        session.dialect.prepare(connection, durability);
        connection.setAutoCommit(false);
        return session;
      } catch (Throwable e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw new IOException("%s: %s".formatted(database.name(), e.getMessage()), e);
    }
  }

  /// Notes that another table belongs to it, which is to close it.
  Session joined() {
    tables++;
    return this;
  }

  boolean isOf(Database other) {
    return database.connecting().equals(other.connecting());
  }

  Connection connection() {
    return connection;
  }

  Dialect dialect() {
    return dialect;
  }

  /// Whether a part of a transaction can be taken back. If not, a part is all that was written
  /// since the last commit.
  boolean divisible() {
    return divisible;
  }

  /// Begins a part.
  void begin() throws IOException {
    try {
      dialect.begin(connection);
      if (divisible) {
        savepoint = connection.setSavepoint();
      }
    } catch (SQLException e) {
      throw broken(e);
    }
  }

  /// Ends a part, which stays.
  void keep() throws IOException {
    if (savepoint != null) {
      try {
        connection.releaseSavepoint(savepoint);
        savepoint = null;
      } catch (SQLException e) {
        throw broken(e);
      }
    }
  }

  /// Takes a part back.
  void undo() throws IOException {
    try {
      if (savepoint == null) {
        connection.rollback();
      } else {
        connection.rollback(savepoint);
        keep();
      }
    } catch (SQLException e) {
      throw broken(e);
    }
  }

  /// Ends the transaction once each table has said so.
  void seal() throws SQLException {
    sealed++;
    if (sealed == tables) {
      sealed = 0;
      connection.commit();
      dialect.committed(connection, durability);
    }
  }

  /// Ends it for one table. What was not committed is gone, and the last one closes the connection.
  @Override
  public void close() throws SQLException {
    tables--;
    if (tables == 0) {
      try (connection) {
        connection.rollback();
      }
    }
  }

  private IOException broken(SQLException e) {
    return new IOException("%s: %s".formatted(database.name(), e.getMessage()), e);
  }
}

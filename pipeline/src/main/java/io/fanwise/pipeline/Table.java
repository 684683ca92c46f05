package io.fanwise.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/// A table of a database: a row for each result, whose columns are what the result is made of: the
/// components of a record, the entries of a map, the properties of a JSON object, the columns of a
/// row; anything else is one column, `result`. A column `index`, the position of the input, comes
/// first and is the key, unless another is named. If inputs are given [keys][Feed#key] of their
/// own, these are a column `key`, which a table that is there may lack.
///
/// A table that is not there is made when the first result comes, with columns of its types. Make
/// it yourself to have others: columns are found by their names. A result that has a column which
/// the table has not, or a value that does not fit, or that the database refuses as it breaks a
/// constraint, has failed alone; it is written to no other sink either.
///
/// Results and the state of the run are committed in one transaction; for that there is a table
/// `fan_checkpoint`.
///
/// Immutable.
public final class Table implements Sink<Object> {
  private final Database database;
  private final String name;
  private final Optional<String> key;

  Table(Database database, String name) {
    this(database, name, Optional.empty());
  }

  private Table(Database database, String name, Optional<String> key) {
    this.database = database;
    this.name = name;
    this.key = key;
  }

  /// Connects to a database.
  @FunctionalInterface
  public interface Connecting {

    /// Connects.
    ///
    /// @return a connection of its own, which is closed at the end
    /// @throws SQLException if that is not possible
    Connection connect() throws SQLException;
  }

  /// Says which column tells rows apart: a result with the same key as an earlier one is written
  /// over it. There is no `index` then, unless the table has such a column, and rows that are in
  /// the table already stay.
  ///
  /// @param column a column of the results, or `key` for what inputs are called; if the table is
  ///   there, its primary key
  /// @return a copy
  public Table key(String column) {
    return new Table(database, name, Optional.of(column));
  }

  @Override
  public String identity() {
    return "table %s of %s%s"
        .formatted(name, database.name(), key.map(each -> ", by " + each).orElse(""));
  }

  @Override
  public Optional<Path> place() {
    return database.file();
  }

  @Override
  public boolean transactional() {
    return true;
  }

  @Override
  public Optional<String> occupied() throws IOException {
    Path file = database.file().orElse(null);
    if (key.isPresent() || (file != null && !Files.exists(file))) {
      return Optional.empty();
    }
    try (Connection connection = database.connect()) {
      return new Rows(connection, name, key).any()
          ? Optional.of("table %s of %s has rows already".formatted(name, database.name()))
          : Optional.empty();
    } catch (SQLException e) {
      throw new IOException(said(e), e);
    }
  }

  @Override
  public Encoder<Object> encoder() {
    return Fields.encoder();
  }

  @Override
  public Output open(Sitting sitting) throws IOException {
    return open(Session.open(database, sitting.durability()), sitting);
  }

  /// Opens it in a session that others may be part of.
  Output open(Session session, Sitting sitting) throws IOException {
    session.joined();
    try {
      return TableOutput.open(session, this, sitting);
    } catch (SQLException e) {
      leave(session, e);
      throw new IOException(said(e), e);
    } catch (UncheckedIOException e) {
      leave(session, e);
      throw e.getCause();
    } catch (Throwable e) {
      leave(session, e);
      throw e;
    }
  }

  private static void leave(Session session, Throwable because) {
    try {
      session.close();
    } catch (SQLException e) {
      because.addSuppressed(e);
    }
  }

  /// Where it is.
  Database database() {
    return database;
  }

  String name() {
    return name;
  }

  Optional<String> key() {
    return key;
  }

  /// What went wrong, and with which table.
  String said(SQLException e) {
    return "table %s of %s: %s".formatted(name, database.name(), e.getMessage());
  }

  @Override
  public String toString() {
    return "table %s of %s".formatted(name, database.name());
  }
}

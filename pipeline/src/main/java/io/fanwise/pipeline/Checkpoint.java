package io.fanwise.pipeline;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a database knows of a run: the row of the table `fan_checkpoint` that belongs to one output
/// of it. Confined to the thread that writes.
final class Checkpoint {
  private final Connection connection;
  private final String table;
  private final String run;
  private final String output;

  /// @param rows the output
  /// @param run the run
  Checkpoint(Connection connection, Rows rows, String run) throws SQLException {
    this.connection = connection;
    this.table = rows.quoted("fan_checkpoint");
    this.run = run;
    this.output = rows.table();
    if (rows.columns(table).isEmpty()) {
      try (Statement statement = connection.createStatement()) {
        Dialect dialect = rows.dialect();
        statement.execute(
            "CREATE TABLE %s (run_id %s, output_table %s, commits %s, frame %s, PRIMARY KEY (run_id, output_table))"
                .formatted(
                    table,
                    dialect.shortText() + " NOT NULL",
                    dialect.shortText() + " NOT NULL",
                    dialect.whole(),
                    dialect.bytes()));
      }
    }
  }

  /// How many commits there were.
  long commits() throws SQLException {
    try (PreparedStatement statement = select("commits");
        ResultSet row = statement.executeQuery()) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  /// What the last commit kept; empty if it was taken back.
  Optional<byte[]> frame() throws SQLException {
    try (PreparedStatement statement = select("frame");
        ResultSet row = statement.executeQuery()) {
      return row.next() ? Optional.ofNullable(row.getBytes(1)) : Optional.empty();
    }
  }

  private PreparedStatement select(String column) throws SQLException {
    PreparedStatement statement =
        connection.prepareStatement(
            "SELECT %s FROM %s WHERE run_id=? AND output_table=?".formatted(column, table));
    statement.setString(1, run);
    statement.setString(2, output);
    return statement;
  }

  /// Notes a commit.
  ///
  /// @param frame what it keeps; null if it takes back another
  void put(long commits, byte @Nullable [] frame) throws SQLException {
    String update =
        "UPDATE %s SET commits=?, frame=? WHERE run_id=? AND output_table=?".formatted(table);
    if (execute(update, commits, frame) == 0) {
      execute(
          "INSERT INTO %s (commits, frame, run_id, output_table) VALUES (?,?,?,?)".formatted(table),
          commits,
          frame);
    }
  }

  private int execute(String sql, long commits, byte @Nullable [] frame) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, commits);
      statement.setBytes(2, frame);
      statement.setString(3, run);
      statement.setString(4, output);
      return statement.executeUpdate();
    }
  }
}

package io.fanwise.pipeline;

import java.sql.SQLException;

/// How rows get into a table. Confined to the thread that writes.
interface Loading {

  /// Takes a row.
  void add(Fields fields) throws SQLException;

  /// Puts all rows that were taken into the table, as part of the transaction.
  void flush() throws SQLException;

  /// Lets go of what it holds in the database.
  void close() throws SQLException;
}

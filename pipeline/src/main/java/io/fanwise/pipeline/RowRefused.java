package io.fanwise.pipeline;

import java.io.IOException;
import java.sql.SQLException;

/// A database refuses what it was given to write: not all of it need be at fault, and nothing is
/// wrong with the database.
final class RowRefused extends IOException {
  private static final long serialVersionUID = 1;

  RowRefused(String message, SQLException reason) {
    super(message, reason);
  }
}

package io.fanwise.pipeline;

import static java.util.stream.Collectors.joining;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How a database wants to be spoken to.
enum Dialect {
  SQLITE {
    @Override
    void prepare(Connection connection, Durability durability) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA busy_timeout=" + LOCKED.toMillis());
        statement.execute("PRAGMA journal_mode=WAL");
        statement.execute(
            "PRAGMA synchronous=" + (durability == Durability.DISK ? "FULL" : "NORMAL"));
      }
    }

    @Override
    boolean typed() {
      return false;
    }

    @Override
    boolean refuses(SQLException e) {
      return switch (reason(e).getErrorCode() & 0xFF) { // the rest says which constraint
        case SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH -> true;
        default -> false;
      };
    }

    @Override
    String whole() {
      return "INTEGER"; // and no other name makes a primary key the number of the row
    }
  },
  DUCKDB {
    @Override
    boolean keyed() {
      return false;
    }

    // Its driver begins a transaction with a statement, and the appender is none: what it appends
    // would be committed at once.
    @Override
    void begin(Connection connection) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        statement.execute("SELECT 1");
      }
    }

    // It has no states, only words.
    @Override
    boolean refuses(SQLException e) {
      String message = String.valueOf(reason(e).getMessage()).toLowerCase(Locale.ROOT);
      return DUCKDB_REFUSALS.stream().anyMatch(message::contains);
    }

    // What only conditions can refuse: admitted values fit the types that the appender knows.
    @Override
    String conditions() {
      return """
      SELECT (SELECT count(*) FROM duckdb_constraints()
        WHERE table_name = $1 AND NOT (constraint_type IN ('PRIMARY KEY', 'NOT NULL')
          AND len(constraint_column_names) = 1 AND lower(constraint_column_names[1]) = lower($2)))
        + (SELECT count(*) FROM duckdb_indexes() WHERE table_name = $1 AND is_unique)
      """;
    }

    @Override
    Duration patience() {
      return Duration.ofSeconds(1); // small transactions are written twice: to its log, and again
    }
  },
  POSTGRESQL {
    // What is to be checked when the transaction ends is checked now: then it is too late.
    @Override
    void check(Connection connection) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET CONSTRAINTS ALL IMMEDIATE");
      }
    }

    @Override
    boolean refuses(SQLException e) {
      String state = String.valueOf(reason(e).getSQLState());
      return super.refuses(e) || state.equals(RAISED) || state.equals(TOO_LARGE);
    }

    @Override
    String bytes() {
      return "BYTEA";
    }
  },
  MYSQL {
    @Override
    boolean refuses(SQLException e) {
      SQLException reason = reason(e);
      return super.refuses(e)
          || "45000".equals(reason.getSQLState()) // SIGNAL, by a trigger
          || MYSQL_REFUSALS.contains(reason.getErrorCode());
    }

    @Override
    String bytes() {
      return "LONGBLOB";
    }

    @Override
    String text() {
      return "LONGTEXT";
    }

    @Override
    String upsert(String table, List<String> columns, String key) {
      return insert(table, columns)
          + " ON DUPLICATE KEY UPDATE "
          + columns.stream().map(each -> each + "=VALUES(" + each + ")").collect(joining(","));
    }
  },
  H2 {
    // Otherwise a thread of its own writes, which a checkpoint does not wait for.
    @Override
    void prepare(Connection connection, Durability durability) throws SQLException {
      administer(connection, "SET WRITE_DELAY 0");
    }

    // A commit is in memory only for half a second, and would be gone with the process.
    @Override
    void committed(Connection connection, Durability durability) throws SQLException {
      administer(connection, durability == Durability.DISK ? "CHECKPOINT SYNC" : "CHECKPOINT");
    }

    private static void administer(Connection connection, String command) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        statement.execute(command);
      } catch (SQLException e) {
        if (e.getErrorCode() != H2_ADMIN_RIGHTS_REQUIRED) {
          throw e;
        }
      }
    }

    @Override
    String upsert(String table, List<String> columns, String key) {
      return "MERGE INTO %s (%s) KEY (%s) VALUES (%s)"
          .formatted(table, String.join(",", columns), key, marks(columns));
    }

    @Override
    String text() {
      return "VARCHAR";
    }
  },
  /// What the standard says.
  STANDARD {
    @Override
    String upsert(String table, List<String> columns, String key) {
      String others =
          columns.stream()
              .filter(each -> !each.equals(key))
              .map(each -> each + "=new_row." + each)
              .collect(joining(","));
      return "MERGE INTO %s old_row USING (VALUES (%s)) AS new_row (%s) ON (old_row.%s=new_row.%s)%s WHEN NOT MATCHED THEN INSERT (%s) VALUES (%s)"
          .formatted(
              table,
              marks(columns),
              String.join(",", columns),
              key,
              key,
              others.isEmpty() ? "" : " WHEN MATCHED THEN UPDATE SET " + others,
              String.join(",", columns),
              columns.stream().map(each -> "new_row." + each).collect(joining(",")));
    }

    @Override
    String text() {
      return "VARCHAR(4000)";
    }
  };

  /// How long to wait while another program writes to the database.
  private static final Duration LOCKED = Duration.ofSeconds(30);

  // https://sqlite.org/rescode.html
  private static final int SQLITE_TOOBIG = 18;
  private static final int SQLITE_CONSTRAINT = 19;
  private static final int SQLITE_MISMATCH = 20;

  // org.h2.api.ErrorCode; then it is a server that somebody else looks after
  private static final int H2_ADMIN_RIGHTS_REQUIRED = 90040;

  private static final List<String> DUCKDB_REFUSALS =
      List.of("constraint", "conversion error", "out of range");

  // https://www.postgresql.org/docs/current/errcodes-appendix.html: RAISE in a trigger, and a value
  // that is too large for an index
  private static final String RAISED = "P0001";
  private static final String TOO_LARGE = "54000";

  // ER_TRUNCATED_WRONG_VALUE_FOR_FIELD, ER_NO_DEFAULT_FOR_FIELD, ER_CHECK_CONSTRAINT_VIOLATED
  private static final Set<Integer> MYSQL_REFUSALS = Set.of(1366, 1364, 3819);

  static Dialect of(Connection connection) throws SQLException {
    String product = connection.getMetaData().getDatabaseProductName().toLowerCase(Locale.ROOT);
    return switch (product) {
      case "sqlite" -> SQLITE;
      case "duckdb" -> DUCKDB;
      case "postgresql" -> POSTGRESQL;
      case "mysql", "mariadb" -> MYSQL;
      case "h2" -> H2;
      default -> STANDARD;
    };
  }

  /// Sets up a connection, before its first transaction.
  void prepare(Connection connection, Durability durability) throws SQLException {}

  /// Makes sure that a transaction has begun.
  void begin(Connection connection) throws SQLException {}

  /// Makes a commit as safe as is asked, where the database does not do that by itself.
  void committed(Connection connection, Durability durability) throws SQLException {}

  /// Checks what is not checked before the transaction ends.
  void check(Connection connection) throws SQLException {}

  /// Whether an error is the fault of rows, not of the database: data that a column cannot have
  /// (class 22), or that a constraint forbids (class 23).
  boolean refuses(SQLException e) {
    SQLException reason = reason(e);
    String state = String.valueOf(reason.getSQLState());
    return reason instanceof SQLDataException
        || reason instanceof SQLIntegrityConstraintViolationException
        || state.startsWith("22")
        || state.startsWith("23");
  }

  /// What went wrong with one of many rows.
  static SQLException reason(SQLException e) {
    if (e instanceof BatchUpdateException) {
      return e.getNextException() != null
          ? reason(e.getNextException())
          : e.getCause() instanceof SQLException cause ? reason(cause) : e;
    }
    return e;
  }

  /// Asks how many conditions a table has, by its name, apart from the column that is the key;
  /// empty if a part of a transaction can be taken back, so that nobody needs to know.
  String conditions() {
    return "";
  }

  /// Whether a column takes only values of its type.
  boolean typed() {
    return true;
  }

  /// Whether the position of inputs is made a primary key; it is unique without. In DuckDB that
  /// takes half as much time again for each row.
  boolean keyed() {
    return true;
  }

  /// How long rows may wait for a commit.
  Duration patience() {
    return Duration.ZERO;
  }

  /// The type of a column for values like one.
  String type(@Nullable Object value) {
    return switch (value) {
      case Long _, Integer _, Short _, Byte _ -> whole();
      case Double _, Float _ -> "DOUBLE PRECISION";
      case BigDecimal _, BigInteger _ -> "DECIMAL(38,9)";
      case Boolean _ -> "BOOLEAN";
      case byte[] _ -> bytes();
      case null, default -> text();
    };
  }

  String whole() {
    return "BIGINT";
  }

  String bytes() {
    return "BLOB";
  }

  String text() {
    return "TEXT";
  }

  /// The type of a column of text that can be a key.
  String shortText() {
    return "VARCHAR(255)";
  }

  String insert(String table, List<String> columns) {
    return "INSERT INTO %s (%s) VALUES (%s)"
        .formatted(table, String.join(",", columns), marks(columns));
  }

  /// Inserts a row, or writes over the one with the same key.
  String upsert(String table, List<String> columns, String key) {
    String others =
        columns.stream()
            .filter(each -> !each.equals(key))
            .map(each -> each + "=excluded." + each)
            .collect(joining(","));
    return insert(table, columns)
        + " ON CONFLICT (%s) DO ".formatted(key)
        + (others.isEmpty() ? "NOTHING" : "UPDATE SET " + others);
  }

  private static String marks(List<String> columns) {
    return String.join(",", columns.stream().map(_ -> "?").toList());
  }
}

package io.fanwise.pipeline;

import static java.util.stream.Collectors.joining;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How a database wants to be spoken to.
enum Dialect {
  SQLITE {
    @Override
    void prepare(Connection connection, Durability durability) throws SQLException {
      try (Statement statement = connection.createStatement()) {
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
    String whole() {
      return "INTEGER"; // and no other name makes a primary key the number of the row
    }
  },
  DUCKDB {
    @Override
    boolean keyed() {
      return false;
    }

    @Override
    Duration patience() {
      return Duration.ofSeconds(1); // small transactions are written twice: to its log, and again
    }
  },
  POSTGRESQL {
    @Override
    String bytes() {
      return "BYTEA";
    }
  },
  MYSQL {
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

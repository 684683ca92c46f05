package io.fanwise.pipeline;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.Temporal;
import org.jspecify.annotations.Nullable;

/// Values of fields as SQL has them.
final class SqlValue {
  private SqlValue() {}

  /// Whether a column of a type can have a value.
  static boolean fits(Object value, int type) {
    return switch (type) {
      case Types.TINYINT -> whole(value, Byte.SIZE);
      case Types.SMALLINT -> whole(value, Short.SIZE);
      case Types.INTEGER -> whole(value, Integer.SIZE);
      case Types.BIGINT -> whole(value, Long.SIZE);
      case Types.REAL, Types.FLOAT, Types.DOUBLE, Types.DECIMAL, Types.NUMERIC ->
          value instanceof Number;
      case Types.BOOLEAN, Types.BIT -> value instanceof Boolean;
      case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB ->
          value instanceof byte[];
      default -> true;
    };
  }

  private static boolean whole(Object value, int bits) {
    return switch (value) {
      case Long number -> number >> (bits - 1) == number >> (Long.SIZE - 1);
      case Integer number -> whole((long) number, bits);
      case Short number -> whole((long) number, bits);
      case Byte _ -> true;
      case BigInteger number -> number.bitLength() < bits;
      default -> false;
    };
  }

  /// Sets a parameter of a statement.
  ///
  /// @param place the number of the parameter, from 1
  /// @param type the type of its column
  static void set(PreparedStatement statement, int place, @Nullable Object value, int type)
      throws SQLException {
    if (text(type) && value != null && !(value instanceof byte[])) {
      statement.setString(place, plain(value));
      return;
    }
    switch (value) {
      case null -> statement.setNull(place, type);
      case String text -> statement.setString(place, text);
      case Long number -> statement.setLong(place, number);
      case Integer number -> statement.setInt(place, number);
      case Double number -> statement.setDouble(place, number);
      case Boolean truth -> statement.setBoolean(place, truth);
      case BigDecimal number -> statement.setBigDecimal(place, number);
      case BigInteger number -> statement.setBigDecimal(place, new BigDecimal(number));
      case byte[] bytes -> statement.setBytes(place, bytes);
      case Instant time when time(type) ->
          statement.setObject(place, time.atOffset(ZoneOffset.UTC));
      case Temporal time when !time(type) -> statement.setString(place, time.toString());
      default -> statement.setObject(place, value);
    }
  }

  private static String plain(Object value) {
    return value instanceof BigDecimal number ? number.toPlainString() : value.toString();
  }

  private static boolean text(int type) {
    return switch (type) {
      case Types.CHAR, Types.VARCHAR, Types.LONGVARCHAR, Types.CLOB, Types.NVARCHAR -> true;
      default -> false;
    };
  }

  private static boolean time(int type) {
    return switch (type) {
      case Types.DATE,
          Types.TIME,
          Types.TIMESTAMP,
          Types.TIMESTAMP_WITH_TIMEZONE,
          Types.TIME_WITH_TIMEZONE ->
          true;
      default -> false;
    };
  }
}

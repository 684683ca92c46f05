package io.fanwise.pipeline;

import io.fanwise.rows.BadInput;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/// The key of a row: a value by which a database orders rows, and finds the place after one again.
/// Immutable.
///
/// @param value of one of the types of [#of]
record SqlKey(Object value) {

  /// @param column what it is called
  /// @throws BadInput if it cannot be a key
  static SqlKey of(@Nullable Object value, String column) {
    return switch (value) {
      case null ->
          throw new BadInput(
              "the key %s of a row is null: name a column that has a value in each row"
                  .formatted(column));
      case Long number -> new SqlKey(number);
      case String text -> new SqlKey(text);
      case LocalDate date -> new SqlKey(date);
      case LocalDateTime time -> new SqlKey(time);
      case OffsetDateTime time -> new SqlKey(time);
      case BigDecimal number -> new SqlKey(number.stripTrailingZeros());
      default ->
          throw new BadInput(
              "the key %s of a row is %s (%s): name a column of whole or decimal numbers, text or dates"
                  .formatted(column, value, value.getClass().getSimpleName()));
    };
  }

  /// The key that has been made text before.
  static SqlKey parsed(String text) {
    String rest = text.substring(1);
    return new SqlKey(
        switch (text.charAt(0)) {
          case 'n' -> Long.valueOf(rest);
          case 'd' -> new BigDecimal(rest);
          case 's' -> rest;
          case 'D' -> LocalDate.parse(rest);
          case 'T' -> LocalDateTime.parse(rest);
          case 'O' -> OffsetDateTime.parse(rest);
          default -> throw new IllegalArgumentException("no key of a row: " + text);
        });
  }

  /// Text that tells it and its type.
  String text() {
    return switch (value) {
      case Long number -> "n" + number;
      case BigDecimal number -> "d" + number;
      case LocalDate date -> "D" + date;
      case LocalDateTime time -> "T" + time;
      case OffsetDateTime time -> "O" + time;
      default -> "s" + value;
    };
  }

  /// Sets a parameter of a statement.
  ///
  /// @param place the number of the parameter, from 1
  void set(PreparedStatement statement, int place, Dialect dialect) throws SQLException {
    switch (value) {
      case Long number -> statement.setLong(place, number);
      case BigDecimal number -> statement.setBigDecimal(place, number);
      case String text when dialect == Dialect.POSTGRESQL ->
          statement.setObject(place, text, Types.OTHER); // a UUID or an enum is no varchar there
      case String text -> statement.setString(place, text);
      default -> statement.setObject(place, value);
    }
  }

  @Override
  public String toString() {
    return value.toString();
  }
}

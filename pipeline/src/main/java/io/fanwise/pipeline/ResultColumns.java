package io.fanwise.pipeline;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The columns of a query, and how their values are read. Immutable.
///
/// @param names what the query calls them
/// @param kinds how the values of each are read
record ResultColumns(List<String> names, List<Kind> kinds) {

  /// How values are read. Points in time are asked for as what they are, so that no time zone comes
  /// in that they do not have.
  enum Kind {
    AS_IT_IS,
    TEXT,
    BYTES,
    DATE,
    TIME,
    DATE_AND_TIME,
    POINT_IN_TIME
  }

  static ResultColumns of(ResultSetMetaData meta, Dialect dialect) throws SQLException {
    List<String> names = new ArrayList<>();
    List<Kind> kinds = new ArrayList<>();
    for (int i = 1; i <= meta.getColumnCount(); i++) {
      names.add(meta.getColumnLabel(i));
      boolean dynamic = dialect == Dialect.SQLITE; // a value has a type there, not a column
      kinds.add(dynamic ? Kind.AS_IT_IS : kind(meta.getColumnType(i), meta.getColumnTypeName(i)));
    }
    return new ResultColumns(List.copyOf(names), List.copyOf(kinds));
  }

  private static Kind kind(int type, String name) {
    return switch (type) {
      case Types.CLOB, Types.NCLOB, Types.SQLXML, Types.OTHER, Types.ARRAY, Types.STRUCT ->
          Kind.TEXT;
      case Types.BLOB, Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY -> Kind.BYTES;
      case Types.DATE -> Kind.DATE;
      case Types.TIME -> Kind.TIME;
      case Types.TIMESTAMP ->
          name.toLowerCase(Locale.ROOT).equals("timestamptz") // PostgreSQL
              ? Kind.POINT_IN_TIME
              : Kind.DATE_AND_TIME;
      case Types.TIMESTAMP_WITH_TIMEZONE -> Kind.POINT_IN_TIME;
      default -> Kind.AS_IT_IS;
    };
  }

  /// The place of a column, from 0: its exact name counts, then that but for its case.
  ///
  /// @throws IllegalArgumentException if there is none, or more than one
  int place(String column) {
    int place = names.indexOf(column);
    if (place >= 0 && place == names.lastIndexOf(column)) {
      return place;
    }
    List<String> alike = names.stream().filter(column::equalsIgnoreCase).toList();
    if (alike.size() != 1) {
      throw new IllegalArgumentException(
          "%s \"%s\": the query has %s"
              .formatted(
                  alike.isEmpty() ? "no column" : "more than one column",
                  column,
                  String.join(", ", names)));
    }
    return names.indexOf(alike.getFirst());
  }

  /// The row that a result is at.
  @Nullable Object[] read(ResultSet row) throws SQLException {
    @Nullable Object[] values = new @Nullable Object[names.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (kinds.get(i)) {
            case AS_IT_IS -> plain(row, i + 1);
            case TEXT -> row.getString(i + 1);
            case BYTES -> row.getBytes(i + 1);
            case DATE -> row.getObject(i + 1, LocalDate.class);
            case TIME -> row.getObject(i + 1, LocalTime.class);
            case DATE_AND_TIME -> row.getObject(i + 1, LocalDateTime.class);
            case POINT_IN_TIME -> row.getObject(i + 1, OffsetDateTime.class);
          };
    }
    return values;
  }

  private static @Nullable Object plain(ResultSet row, int column) throws SQLException {
    Object value = row.getObject(column);
    return switch (value) {
      case null -> null;
      case String _, Long _, Double _, Boolean _, BigDecimal _, byte[] _ -> value;
      case Integer _, Short _, Byte _ -> ((Number) value).longValue();
      case BigInteger number ->
          number.bitLength() < Long.SIZE ? number.longValue() : new BigDecimal(number);
      case Float number -> Double.valueOf(number.toString());
      default -> row.getString(column);
    };
  }
}

package io.fanwise.rows;

import static java.time.format.DateTimeFormatter.ISO_LOCAL_DATE_TIME;
import static java.time.format.DateTimeFormatter.ISO_LOCAL_TIME;
import static java.time.format.DateTimeFormatter.ISO_OFFSET_DATE_TIME;

import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A row whose values have types of their own. Immutable, as far as its values are left alone.
final class ValuesRow implements Row {
  private static final long serialVersionUID = 1;

  /// What it has in common with others.
  private final Origin origin;

  /// Its number in the run, from 1.
  private final long number;

  /// Its number where it comes from, from 1.
  private final long line;

  /// One for each column.
  private final @Nullable Object[] values;

  ValuesRow(Origin origin, long number, long line, @Nullable Object[] values) {
    this.origin = origin;
    this.number = number;
    this.line = line;
    this.values = values;
  }

  @Override
  public long number() {
    return number;
  }

  @Override
  public String place() {
    return origin.key().isEmpty()
        ? origin.name() + ":" + line
        : "%s %s=%s".formatted(origin.name(), origin.key(), col(origin.key()));
  }

  @Override
  public String text() {
    return Csv.record(Format.CSV, cells());
  }

  @Override
  public List<String> columns() {
    return origin.columns().names();
  }

  @Override
  public List<String> cells() {
    List<String> cells = new ArrayList<>(values.length);
    for (Object value : values) {
      cells.add(cell(value));
    }
    return cells;
  }

  @Override
  public String col(String name) {
    int place = origin.columns().place(name);
    if (place < 0) {
      throw new NoSuchElementException(
          "no column \"%s\" in %s: it has %s"
              .formatted(name, origin.name(), String.join(", ", columns())));
    }
    return cell(values[place]);
  }

  private static String cell(@Nullable Object value) {
    return switch (value) {
      case null -> "";
      case BigDecimal number -> number.toPlainString();
      case byte[] bytes -> Base64.getEncoder().encodeToString(bytes);
      case LocalTime time -> ISO_LOCAL_TIME.format(time);
      case LocalDateTime time -> ISO_LOCAL_DATE_TIME.format(time);
      case OffsetDateTime time -> ISO_OFFSET_DATE_TIME.format(time);
      case JsonNode json -> Json.cell(json);
      default -> value.toString();
    };
  }

  @Override
  public List<? extends @Nullable Object> values() {
    return Arrays.asList(values.clone());
  }

  @Override
  public JsonNode json() {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < values.length; i++) {
      object.set(columns().get(i), Json.node(values[i]));
    }
    return object;
  }

  @Override
  public String toJson() {
    return json().toString();
  }

  @Override
  public Row sound() {
    return this;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ValuesRow row
        && number == row.number
        && line == row.line
        && origin.equals(row.origin)
        && Arrays.deepEquals(values, row.values);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(number) ^ Arrays.deepHashCode(values);
  }

  @Override
  public String toString() {
    return place() + " " + toJson();
  }
}

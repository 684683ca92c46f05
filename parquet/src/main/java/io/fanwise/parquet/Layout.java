package io.fanwise.parquet;

import io.fanwise.pipeline.Fields;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;

/// The columns of a Parquet file. Immutable.
record Layout(MessageType schema) {
  /// It is part of each mark, which has 64 kB.
  private static final int LONGEST = 32 << 10;

  /// The layout for results like one.
  ///
  /// @throws IllegalArgumentException if there is none
  static Layout of(Fields fields) {
    List<Type> columns = new ArrayList<>();
    for (int i = 0; i < fields.names().size(); i++) {
      columns.add(column(fields.names().get(i), fields.value(i)));
    }
    Layout layout = new Layout(new MessageType("results", columns));
    int length = layout.toString().length();
    if (length > LONGEST) {
      throw new IllegalArgumentException(
          "%d columns are too many for a file: their names and types have %d characters, more than %d"
              .formatted(columns.size(), length, LONGEST));
    }
    Layout again = parsed(layout.toString());
    if (!again.equals(layout)) {
      throw new IllegalArgumentException(
          "columns cannot have the names %s: use letters, digits and _".formatted(fields.names()));
    }
    return layout;
  }

  private static Type column(String name, @Nullable Object value) {
    if (name.equals(Fields.INDEX)) {
      return Types.required(PrimitiveTypeName.INT64).named(name);
    }
    return switch (value) {
      case Long _, Integer _, Short _, Byte _ ->
          Types.optional(PrimitiveTypeName.INT64).named(name);
      case Double _, Float _ -> Types.optional(PrimitiveTypeName.DOUBLE).named(name);
      case Boolean _ -> Types.optional(PrimitiveTypeName.BOOLEAN).named(name);
      case byte[] _ -> Types.optional(PrimitiveTypeName.BINARY).named(name);
      case null, default ->
          Types.optional(PrimitiveTypeName.BINARY)
              .as(LogicalTypeAnnotation.stringType())
              .named(name);
    };
  }

  static Layout parsed(String schema) {
    try {
      return new Layout(MessageTypeParser.parseMessageType(schema));
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "columns cannot be named like this: use letters, digits and _: " + schema, e);
    }
  }

  /// Refuses a result that has no place in the file.
  ///
  /// @throws IllegalArgumentException if a field has no column, or its value does not fit
  void admit(Fields fields) {
    for (int i = 0; i < fields.names().size(); i++) {
      String name = fields.names().get(i);
      if (!schema.containsField(name)) {
        throw new IllegalArgumentException(
            "the file has no column \"%s\", as its first result had none: it has %s"
                .formatted(name, schema.getFields().stream().map(Type::getName).toList()));
      }
      Object value = fields.value(i);
      if (value != null && !fits(value, schema.getType(name))) {
        throw new IllegalArgumentException(
            "%s (%s) does not fit column %s, which has the type of the first result: %s"
                .formatted(value, value.getClass().getSimpleName(), name, schema.getType(name)));
      }
    }
  }

  private static boolean fits(Object value, Type column) {
    return switch (column.asPrimitiveType().getPrimitiveTypeName()) {
      case INT64 ->
          value instanceof Long
              || value instanceof Integer
              || value instanceof Short
              || value instanceof Byte
              || (value instanceof BigInteger number && number.bitLength() < Long.SIZE);
      case DOUBLE -> value instanceof Number;
      case BOOLEAN -> value instanceof Boolean;
      default -> column.getLogicalTypeAnnotation() != null || value instanceof byte[];
    };
  }

  @Override
  public String toString() {
    return schema.toString();
  }
}

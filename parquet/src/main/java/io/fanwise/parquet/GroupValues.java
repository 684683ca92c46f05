package io.fanwise.parquet;

import io.fanwise.rows.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.JulianFields;
import java.util.UUID;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.EnumLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.JsonLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UUIDLogicalTypeAnnotation;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What is in a group of values: numbers, text, truth values, bytes, dates and times, as the file's
/// types say; what has parts is JSON.
final class GroupValues {
  private GroupValues() {}

  /// The value of each field; null where there is none.
  static @Nullable Object[] of(Group group, GroupType type) {
    @Nullable Object[] values = new @Nullable Object[type.getFieldCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = field(group, i, type.getType(i));
    }
    return values;
  }

  private static @Nullable Object field(Group group, int field, Type type) {
    int count = group.getFieldRepetitionCount(field);
    if (type.isRepetition(Type.Repetition.REPEATED)) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      for (int i = 0; i < count; i++) {
        array.add(json(value(group, field, i, type)));
      }
      return array;
    }
    return count == 0 ? null : value(group, field, 0, type);
  }

  private static @Nullable Object value(Group group, int field, int index, Type type) {
    return type.isPrimitive()
        ? primitive(group, field, index, type)
        : parts(group.getGroup(field, index), type.asGroupType());
  }

  private static JsonNode json(@Nullable Object value) {
    return switch (value) {
      case null -> JsonNodeFactory.instance.nullNode();
      case JsonNode json -> json;
      default -> Json.tree(value);
    };
  }

  private static JsonNode parts(Group group, GroupType type) {
    return switch (type.getLogicalTypeAnnotation()) {
      case ListLogicalTypeAnnotation _ when type.getFieldCount() == 1 -> list(group, type);
      case MapLogicalTypeAnnotation _ when type.getFieldCount() == 1 -> map(group, type);
      case null, default -> object(group, type);
    };
  }

  private static JsonNode object(Group group, GroupType type) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < type.getFieldCount(); i++) {
      object.set(type.getFieldName(i), json(field(group, i, type.getType(i))));
    }
    return object;
  }

  private static JsonNode list(Group group, GroupType type) {
    Type repeated = type.getType(0);
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < group.getFieldRepetitionCount(0); i++) {
      list.add(
          wraps(repeated, type)
              ? json(field(group.getGroup(0, i), 0, repeated.asGroupType().getType(0)))
              : json(value(group, 0, i, repeated)));
    }
    return list;
  }

  /// Whether what is repeated only holds an element, or is one; the format's rules for old files.
  private static boolean wraps(Type repeated, GroupType list) {
    return !repeated.isPrimitive()
        && repeated.asGroupType().getFieldCount() == 1
        && !repeated.getName().equals("array")
        && !repeated.getName().equals(list.getName() + "_tuple");
  }

  private static JsonNode map(Group group, GroupType type) {
    ObjectNode map = JsonNodeFactory.instance.objectNode();
    GroupType entry = type.getType(0).asGroupType();
    for (int i = 0; i < group.getFieldRepetitionCount(0); i++) {
      Group each = group.getGroup(0, i);
      JsonNode key = json(field(each, 0, entry.getType(0)));
      JsonNode value =
          entry.getFieldCount() > 1
              ? json(field(each, 1, entry.getType(1)))
              : JsonNodeFactory.instance.nullNode();
      map.set(key.isString() ? key.stringValue() : key.toString(), value);
    }
    return map;
  }

  private static Object primitive(Group group, int field, int index, Type type) {
    LogicalTypeAnnotation meaning = type.getLogicalTypeAnnotation();
    return switch (type.asPrimitiveType().getPrimitiveTypeName()) {
      case BOOLEAN -> group.getBoolean(field, index);
      case INT32 -> number(group.getInteger(field, index), meaning);
      case INT64 -> number(group.getLong(field, index), meaning);
      case FLOAT -> Double.valueOf(Float.toString(group.getFloat(field, index)));
      case DOUBLE -> group.getDouble(field, index);
      case INT96 -> oldTime(group.getInt96(field, index));
      case BINARY, FIXED_LEN_BYTE_ARRAY -> bytes(group.getBinary(field, index), meaning);
    };
  }

  private static Object number(int value, @Nullable LogicalTypeAnnotation meaning) {
    return switch (meaning) {
      case DateLogicalTypeAnnotation _ -> LocalDate.ofEpochDay(value);
      case IntLogicalTypeAnnotation whole when !whole.isSigned() -> Integer.toUnsignedLong(value);
      case null, default -> number((long) value, meaning);
    };
  }

  private static Object number(long value, @Nullable LogicalTypeAnnotation meaning) {
    return switch (meaning) {
      case DecimalLogicalTypeAnnotation decimal -> BigDecimal.valueOf(value, decimal.getScale());
      case TimeLogicalTypeAnnotation time -> LocalTime.MIDNIGHT.plus(value, unit(time.getUnit()));
      case TimestampLogicalTypeAnnotation time -> time(value, time);
      case IntLogicalTypeAnnotation whole when !whole.isSigned() && value < 0 ->
          new BigDecimal(Long.toUnsignedString(value));
      case null, default -> value;
    };
  }

  private static Object time(long value, TimestampLogicalTypeAnnotation type) {
    Instant instant = Instant.EPOCH.plus(value, unit(type.getUnit()));
    return type.isAdjustedToUTC() ? instant : LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
  }

  private static ChronoUnit unit(TimeUnit unit) {
    return switch (unit) {
      case MILLIS -> ChronoUnit.MILLIS;
      case MICROS -> ChronoUnit.MICROS;
      case NANOS -> ChronoUnit.NANOS;
    };
  }

  /// Nanoseconds of a day, and the number of that day since 4713 BC.
  private static LocalDateTime oldTime(Binary value) {
    ByteBuffer bytes = value.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    long nanos = bytes.getLong(bytes.position());
    long day = Integer.toUnsignedLong(bytes.getInt(bytes.position() + Long.BYTES));
    return LocalDate.EPOCH.with(JulianFields.JULIAN_DAY, day).atStartOfDay().plusNanos(nanos);
  }

  private static Object bytes(Binary value, @Nullable LogicalTypeAnnotation meaning) {
    return switch (meaning) {
      case StringLogicalTypeAnnotation _,
          EnumLogicalTypeAnnotation _,
          JsonLogicalTypeAnnotation _ ->
          value.toStringUsingUTF8();
      case DecimalLogicalTypeAnnotation decimal ->
          new BigDecimal(new BigInteger(value.getBytes()), decimal.getScale());
      case UUIDLogicalTypeAnnotation _ -> uuid(value.toByteBuffer()).toString();
      case null, default -> value.getBytes();
    };
  }

  private static UUID uuid(ByteBuffer bytes) {
    return new UUID(bytes.getLong(bytes.position()), bytes.getLong(bytes.position() + Long.BYTES));
  }
}

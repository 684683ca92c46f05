package io.fanwise.rows;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.stream.BaseStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.ValueSerializerModifier;
import tools.jackson.databind.ser.bean.BeanSerializerBase;
import tools.jackson.databind.ser.std.ToStringSerializer;

/// JSON as it is read, and any object as JSON: data as data (numbers, strings, records, maps,
/// lists, arrays, streams, JSON), times as ISO 8601 strings, and what is no data by its
/// `toString()`.
public final class Json {

  private static final JsonMapper READER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private static final JsonMapper WRITER =
      JsonMapper.builder(JsonFactory.builder().recyclerPool(new Buffers()).build())
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .disable(
              DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS,
              DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .addModule(
              new SimpleModule()
                  .addSerializer(Path.class, ToStringSerializer.instance)
                  .setSerializerModifier(new OnlyData()))
          .build();

  private Json() {}

  static JsonNode parse(String text, Row row) {
    JsonNode json;
    try {
      json = READER.readTree(text);
    } catch (JacksonException e) {
      throw new BadInput(row.place() + column(e) + ": not JSON: " + reason(e), e);
    }
    if (json.isMissingNode()) {
      throw new BadInput(row.place() + ": not JSON: the line is empty");
    }
    return json;
  }

  /// An object of JSON as a record or the like.
  ///
  /// @param json the text
  /// @param type what to make of it
  /// @return the object
  /// @param <T> its type
  /// @throws JacksonException if it is not JSON, or not of that type
  public static <T> T read(String json, Class<T> type) {
    return READER.readValue(json, type);
  }

  /// A value where only text has its place: a string's own text, nothing for null, JSON otherwise.
  static String cell(JsonNode value) {
    if (value.isNull()) {
      return "";
    }
    return value.isString() ? value.stringValue() : value.toString();
  }

  /// Without where Jackson read it: it was given a string.
  private static String reason(JacksonException e) {
    return e.getOriginalMessage().replaceAll("\\s*\\(start marker at .*", "");
  }

  private static String column(JacksonException e) {
    TokenStreamLocation location = e.getLocation();
    return location == null || location.getColumnNr() < 1 ? "" : ":" + location.getColumnNr();
  }

  /// An object as JSON on one line.
  ///
  /// @param value data
  /// @return JSON
  public static String text(Object value) {
    return value instanceof Row row ? row.toJson() : WRITER.writeValueAsString(data(value));
  }

  /// An object as JSON on one line, in UTF-8.
  ///
  /// @param value data
  /// @return JSON
  public static byte[] bytes(Object value) {
    return value instanceof Row row
        ? row.toJson().getBytes(UTF_8)
        : WRITER.writeValueAsBytes(data(value));
  }

  /// An object as a JSON value.
  ///
  /// @param value data
  /// @return the value
  public static JsonNode tree(Object value) {
    return value instanceof Row row
        ? WRITER.readTree(row.toJson())
        : WRITER.valueToTree(data(value));
  }

  private static Object data(Object value) {
    return value instanceof BaseStream<?, ?> stream ? stream.iterator() : value;
  }

  /// Records have components; the getters of anything else are nobody's data.
  private static final class OnlyData extends ValueSerializerModifier {

    @Override
    public ValueSerializer<?> modifySerializer(
        SerializationConfig config, BeanDescription.Supplier bean, ValueSerializer<?> serializer) {
      boolean opaque = serializer instanceof BeanSerializerBase && !bean.getBeanClass().isRecord();
      return opaque ? ToStringSerializer.instance : serializer;
    }
  }
}

package io.fanwise.rows;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.ser.ValueSerializerModifier;
import tools.jackson.databind.ser.bean.BeanSerializerBase;
import tools.jackson.databind.ser.std.ToStringSerializer;

/// JSON as it is read, and any object as JSON: data as data (numbers, strings, records, maps,
/// lists, arrays, streams, JSON), times as ISO 8601 strings, and what is no data by its
/// `toString()`.
public final class Json {

  /// Made when something is read first: it takes a tenth of a second. A number keeps its digits:
  /// 1.50 is a price, and 0.1234567890123456789 is no double.
  private static final class Reader {
    static final JsonMapper MAPPER =
        JsonMapper.builder()
            .enable(
                DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();
  }

  /// Made when something is written first.
  private static final class Writer {
    static final JsonMapper MAPPER =
        JsonMapper.builder(
                JsonFactory.builder().recyclerPool(new Buffers()).rootValueSeparator("").build())
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .disable(
                DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS,
                DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .addModule(
                new SimpleModule()
                    .addSerializer(Path.class, ToStringSerializer.instance)
                    .setSerializerModifier(new OnlyData()))
            .build();
  }

  private Json() {}

  static JsonNode parse(String text, Row row) {
    JsonNode json;
    try {
      json = Reader.MAPPER.readTree(text);
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
    return Reader.MAPPER.readValue(json, type);
  }

  /// A value of a column as JSON.
  static JsonNode node(@Nullable Object value) {
    return switch (value) {
      case null -> JsonNodeFactory.instance.nullNode();
      case JsonNode json -> json;
      default -> tree(value);
    };
  }

  /// A value where only text has its place: a string's own text, nothing for null, JSON otherwise.
  static String cell(JsonNode value) {
    if (value.isNull()) {
      return "";
    }
    return value.isString() ? value.stringValue() : value.toString();
  }

  /// Without where Jackson read it: it was given a string.
  static String reason(JacksonException e) {
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
    return switch (value) {
      case Row row -> row.toJson();
      case JsonBytes bytes -> new String(bytes.json(), UTF_8);
      default -> Writer.MAPPER.writeValueAsString(data(value));
    };
  }

  /// An object as JSON on one line, in UTF-8.
  ///
  /// @param value data
  /// @return JSON
  public static byte[] bytes(Object value) {
    return switch (value) {
      case Row row -> row.toJson().getBytes(UTF_8);
      case JsonBytes bytes -> bytes.json();
      default -> Writer.MAPPER.writeValueAsBytes(data(value));
    };
  }

  /// Writes objects as JSON to a stream, one behind another.
  ///
  /// @param out where to
  /// @return what to give them to
  public static JsonStream into(OutputStream out) {
    return new JsonStream(Writer.MAPPER, out);
  }

  /// Whether there are bytes of it, or nearly.
  static boolean ready(Object value) {
    return value instanceof Row || value instanceof JsonBytes;
  }

  /// An object as a JSON value.
  ///
  /// @param value data
  /// @return the value
  public static JsonNode tree(Object value) {
    return switch (value) {
      case Row row -> Reader.MAPPER.readTree(row.toJson());
      case JsonBytes bytes -> Reader.MAPPER.readTree(bytes.json());
      default -> Writer.MAPPER.valueToTree(data(value));
    };
  }

  /// JSON that came from elsewhere, on one line: the same bytes if they are that already, which is
  /// found out without making objects of them.
  ///
  /// @param json one JSON value, in UTF-8
  /// @return the value on one line
  /// @throws JacksonException if it is no JSON value, or more than one
  public static byte[] oneLine(byte[] json) {
    boolean oneLine = requireOneValue(json);
    if (oneLine) {
      return json;
    }
    ByteArrayOutputStream line = new ByteArrayOutputStream(json.length);
    try (JsonParser parser = Reader.MAPPER.createParser(json);
        JsonGenerator generator = Writer.MAPPER.createGenerator(line)) {
      parser.nextToken();
      generator.copyCurrentStructureExact(parser);
    }
    return line.toByteArray();
  }

  /// Whether it is on one line, too.
  private static boolean requireOneValue(byte[] json) {
    try (JsonParser parser = Reader.MAPPER.createParser(json)) {
      int depth = 0;
      int values = 0;
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token.isStructEnd()) {
          depth--;
        } else if (depth == 0 && ++values > 1) {
          throw new StreamReadException(parser, "more than one value");
        }
        if (token.isStructStart()) {
          depth++;
        }
      }
      if (values == 0) {
        throw new StreamReadException(parser, "nothing there");
      }
    }
    for (byte each : json) {
      if (each == '\n' || each == '\r') {
        return false;
      }
    }
    return true;
  }

  static Object data(Object value) {
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

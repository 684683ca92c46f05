package io.fanwise.cli.output;

import io.fanwise.cli.input.Row;
import java.nio.file.Path;
import java.util.stream.BaseStream;
import tools.jackson.databind.BeanDescription;
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

/// Any object as JSON: data as data (numbers, strings, records, maps, lists, arrays, streams,
/// JSON), times as ISO 8601 strings, and what is no data by its `toString()`.
final class Json {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
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

  static String text(Object value) {
    return value instanceof Row row ? row.toJson() : MAPPER.writeValueAsString(data(value));
  }

  static JsonNode tree(Object value) {
    return value instanceof Row row
        ? MAPPER.readTree(row.toJson())
        : MAPPER.valueToTree(data(value));
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

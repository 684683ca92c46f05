package io.fanwise.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanwise.rows.Columns;
import io.fanwise.rows.Json;
import io.fanwise.rows.Row;
import java.io.Serializable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A result as values with names, for what has columns. The first is `index`, the position of its
/// input; the second `key`, what the input is called, if inputs are called anything. A value is
/// text, a number, a truth value, a point in time, bytes, or null; what is none of these is the
/// text of its JSON.
///
/// Immutable, as far as arrays among the values are left alone.
public final class Fields implements Serializable {
  private static final long serialVersionUID = 1;

  /// The name of the first.
  public static final String INDEX = "index";

  /// The name of the second, if inputs have keys.
  public static final String KEY = "key";

  /// What a value is taken to have in memory, beside its text.
  private static final int EACH = 24;

  private static final ClassValue<Shape> SHAPES =
      new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
          return Shape.of(type);
        }
      };

  /// Each once.
  private final List<String> names;

  /// One for each name.
  private final @Nullable Object[] values;

  /// Whether the second is the key.
  private final boolean keyed;

  private Fields(List<String> names, @Nullable Object[] values, boolean keyed) {
    this.names = names;
    this.values = values;
    this.keyed = keyed;
  }

  /// Makes fields of results.
  ///
  /// @return the encoder, for a sink whose output takes fields
  public static Sink.Encoder<Object> encoder() {
    return new Encoding();
  }

  /// Fields with and without a key.
  private record Encoding() implements Sink.Encoder<Object> {
    @Override
    public Object encode(long position, Object result) throws ReflectiveOperationException {
      return of(position, result);
    }

    @Override
    public Object encode(long position, byte[] key, Object result)
        throws ReflectiveOperationException {
      return of(position, key, result);
    }
  }

  /// The fields of a result whose input has a key, which is its second field. If the result has one
  /// of that name itself, that is called `key_2`.
  static Fields of(long position, byte[] key, Object result) throws ReflectiveOperationException {
    Fields plain = of(position, result);
    List<String> names = new ArrayList<>(plain.names);
    names.add(1, KEY);
    @Nullable Object[] values = new @Nullable Object[plain.values.length + 1];
    values[0] = position;
    values[1] = plain(Json.read(new String(key, UTF_8), JsonNode.class));
    System.arraycopy(plain.values, 1, values, 2, plain.values.length - 1);
    return new Fields(plain.names.contains(KEY) ? Columns.unique(names) : names, values, true);
  }

  /// The fields of a result: the components of a record, the entries of a map, the properties of a
  /// JSON object, the columns of a row; anything else is one, `result`.
  ///
  /// @param position the position of its input
  /// @param result the result
  /// @return its fields
  /// @throws ReflectiveOperationException if a component of a record cannot be read
  public static Fields of(long position, Object result) throws ReflectiveOperationException {
    return switch (result) {
      case Record record when !(record instanceof Row) ->
          SHAPES.get(record.getClass()).fields(position, record);
      case Map<?, ?> map -> named(position, List.copyOf(map.keySet()), map.values());
      case Row row when row.columns().isEmpty() ->
          named(position, List.of("result"), List.of(row.text()));
      case Row row -> named(position, row.columns(), row.values());
      case JsonNode json when json.isObject() ->
          named(position, List.copyOf(json.propertyNames()), json.values());
      default -> named(position, List.of("result"), List.of(result));
    };
  }

  private static Fields named(long position, List<?> names, Iterable<?> each) {
    @Nullable Object[] values = new @Nullable Object[names.size() + 1];
    values[0] = position;
    int at = 1;
    for (Object value : each) {
      values[at++] = plain(value);
    }
    return new Fields(afterIndex(names), values, false);
  }

  private static List<String> afterIndex(List<?> names) {
    List<String> all = new ArrayList<>(names.size() + 1);
    all.add(INDEX);
    names.forEach(name -> all.add(String.valueOf(name)));
    return names.contains(INDEX) || names.contains("") ? Columns.unique(all) : all;
  }

  private static @Nullable Object plain(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case String _, Boolean _, Long _, Integer _, Double _, Float _, Short _, Byte _ -> value;
      case BigDecimal _, BigInteger _, byte[] _, Temporal _ -> value;
      case CharSequence text -> text.toString();
      case JsonNode json -> plain(json);
      default -> plain(Json.tree(value));
    };
  }

  private static @Nullable Object plain(JsonNode json) {
    return switch (json.getNodeType()) {
      case NULL, MISSING -> null;
      case STRING -> json.stringValue();
      case BOOLEAN -> json.booleanValue();
      case NUMBER -> json.isBigDecimal() ? (Object) json.doubleValue() : json.numberValue();
      default -> json.toString();
    };
  }

  /// The names of the fields, each once.
  ///
  /// @return the names, in order
  public List<String> names() {
    return Collections.unmodifiableList(names);
  }

  /// A value.
  ///
  /// @param place its place, from 0
  /// @return the value
  public @Nullable Object value(int place) {
    return values[place];
  }

  /// Where a field stands.
  ///
  /// @param name its name
  /// @return its place, from 0; −1 if there is none
  public int place(String name) {
    return names.indexOf(name);
  }

  /// A value as text: nothing for null, bytes in base64.
  ///
  /// @param place its place, from 0
  /// @return the text
  public String text(int place) {
    return switch (values[place]) {
      case null -> "";
      case byte[] bytes -> Base64.getEncoder().encodeToString(bytes);
      case BigDecimal number -> number.toPlainString();
      case Object value -> value.toString();
    };
  }

  /// Whether a field says which input it was, and is none of the result's.
  ///
  /// @param place its place, from 0
  boolean ofInput(int place) {
    return place == 0 || (keyed && place == 1);
  }

  /// About how many bytes it holds.
  long weight() {
    long weight = (long) EACH * values.length;
    for (Object value : values) {
      weight +=
          value instanceof String text
              ? text.length()
              : value instanceof byte[] bytes ? bytes.length : 0;
    }
    return weight;
  }

  @Override
  public String toString() {
    return names + " " + Arrays.deepToString(values);
  }

  /// What the records of a class have in common. Immutable.
  private record Shape(List<String> names, List<Method> accessors) {

    static Shape of(Class<?> type) {
      List<String> names = new ArrayList<>();
      List<Method> accessors = new ArrayList<>();
      for (RecordComponent component : type.getRecordComponents()) {
        component.getAccessor().setAccessible(true);
        names.add(component.getName());
        accessors.add(component.getAccessor());
      }
      return new Shape(afterIndex(names), accessors);
    }

    Fields fields(long position, Object record) throws ReflectiveOperationException {
      @Nullable Object[] values = new @Nullable Object[names.size()];
      values[0] = position;
      for (int i = 0; i < accessors.size(); i++) {
        values[i + 1] = plain(value(accessors.get(i), record));
      }
      return new Fields(names, values, false);
    }

    private static @Nullable Object value(Method accessor, Object record)
        throws ReflectiveOperationException {
      try {
        return accessor.invoke(record);
      } catch (InvocationTargetException e) {
        if (e.getCause() instanceof RuntimeException cause) {
          throw cause;
        }
        throw e;
      }
    }
  }
}

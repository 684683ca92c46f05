package io.fanwise.http;

import io.fanwise.pipeline.InputId;
import io.fanwise.rows.Json;
import io.fanwise.rows.Row;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/// What a template can take from one item: columns, properties, entries, components, by their
/// names; the whole item as `line`; in a pipeline also its `run` and its `index`, from 0, which
/// rows have anyway. A name that begins with a slash is a JSON pointer. Confined to the thread that
/// renders.
final class Fields {
  private final Object item;
  private final Optional<InputId> here;
  private @Nullable JsonNode json;

  Fields(Object item) {
    this(item, InputId.current());
  }

  private Fields(Object item, Optional<InputId> here) {
    this.item = item;
    this.here = here;
  }

  /// Those of an item that is only looked at, in no run.
  static Fields shown(Object item) {
    return new Fields(item, InputId.current().or(() -> Optional.of(new InputId("{run}", 0))));
  }

  /// A field as text: a string's own, nothing for null, JSON of anything with a structure.
  ///
  /// @throws NoSuchElementException if there is no such field, with those there are
  String text(String name) {
    if (name.isEmpty()) {
      return whole();
    }
    if (item instanceof Row row && row.columns().contains(name)) {
      return row.col(name);
    }
    return plain(value(name));
  }

  /// A field as it stands in JSON.
  String json(String name) {
    boolean all = name.isEmpty() || (name.equals("line") && named(name).isEmpty());
    return Json.text(all ? itemAsJson() : value(name));
  }

  private Object value(String name) {
    return named(name)
        .or(() -> name.equals("line") ? Optional.of(whole()) : Optional.empty())
        .or(() -> indexed(name))
        .or(() -> ofRun(name))
        .orElseThrow(() -> new NoSuchElementException(missing(name)));
  }

  private Optional<Object> named(String name) {
    if (name.startsWith("/")) {
      JsonNode there = tree().at(name);
      return there.isMissingNode() ? Optional.empty() : Optional.of(there);
    }
    return switch (item) {
      case Row row ->
          row.columns().contains(name) ? Optional.of(tree().get(name)) : Optional.empty();
      case JsonNode node -> Optional.ofNullable(node.get(name));
      case Map<?, ?> map ->
          map.containsKey(name) ? Optional.of(orNull(map.get(name))) : Optional.empty();
      case Record record -> component(record, name);
      default -> Optional.empty();
    };
  }

  private Optional<Object> indexed(String name) {
    return name.equals("index") && item instanceof Row row
        ? Optional.of(row.index())
        : Optional.empty();
  }

  private Optional<Object> ofRun(String name) {
    return switch (name) {
      case "run" -> here.map(InputId::run);
      case "index" -> here.map(InputId::position);
      default -> Optional.empty();
    };
  }

  /// Whether a field is known only where it is said which input of a run this is.
  static boolean ofRuns(String name) {
    return name.equals("run") || name.equals("index");
  }

  private static Optional<Object> component(Record record, String name) {
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      if (component.getName().equals(name)) {
        try {
          var accessor = component.getAccessor();
          accessor.setAccessible(true);
          return Optional.of(orNull(accessor.invoke(record)));
        } catch (ReflectiveOperationException e) {
          throw new IllegalArgumentException(
              "the field %s of an item cannot be read".formatted(name), e);
        }
      }
    }
    return Optional.empty();
  }

  private static Object orNull(@Nullable Object value) {
    return value == null ? NullNode.getInstance() : value;
  }

  private JsonNode tree() {
    JsonNode known = json;
    if (known == null) {
      known =
          switch (item) {
            case Row row -> row.json();
            case JsonNode node -> node;
            default -> Json.tree(item);
          };
      json = known;
    }
    return known;
  }

  private String whole() {
    return item instanceof Row row ? row.text() : plain(item);
  }

  private Object itemAsJson() {
    return item instanceof Row row && row.columns().isEmpty() ? row.text() : item;
  }

  private static String plain(Object value) {
    return switch (value) {
      case JsonNode node when node.isNull() -> "";
      case JsonNode node when node.isString() -> node.stringValue();
      case JsonNode node -> node.toString();
      case Map<?, ?> map -> Json.text(map);
      case Collection<?> all -> Json.text(all);
      case Record record -> Json.text(record);
      default -> value.toString();
    };
  }

  private String missing(String name) {
    if (ofRuns(name)) {
      return "{%s} is known only in a pipeline, to tasks that are given to it as they are"
          .formatted(name);
    }
    List<String> names = names();
    return names.isEmpty()
        ? "no field {%s} in this item: it has no fields, only {line}".formatted(name)
        : "no field {%s} in this item: it has %s".formatted(name, String.join(", ", names));
  }

  private List<String> names() {
    return switch (item) {
      case Row row -> row.columns();
      case JsonNode node -> List.copyOf(node.propertyNames());
      case Map<?, ?> map -> new ArrayList<>(map.keySet()).stream().map(String::valueOf).toList();
      case Record record ->
          Arrays.stream(record.getClass().getRecordComponents())
              .map(RecordComponent::getName)
              .toList();
      default -> List.of();
    };
  }
}

package io.fanwise.cli.output;

import io.fanwise.cli.task.NoResult;
import io.fanwise.rows.Columns;
import io.fanwise.rows.Json;
import io.fanwise.rows.JsonBytes;
import io.fanwise.rows.Row;
import io.fanwise.work.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Makes text of results, on the workers: the one thread that writes only copies, and a result that
/// is no text fails alone.
///
/// - *lines* (and *nul*): a string as it is, line ends included; numbers, dates and the like as
///   Java prints them; a JSON string without its quotes; an [Optional] as what is in it; records,
///   maps, lists, arrays and other JSON as JSON. Parts stand around it, with tabs between.
/// - *jsonl*: the result as JSON; with parts, an object of `index`, `input`, `result`, `attempts`,
///   `ms`.
/// - *csv* and *tsv*: a column for each component of a record, key of a map or property of a JSON
///   object; one column `result` for anything else. The input's own columns come before, or one
///   column `input`.
///
/// A task without a result leaves only the parts; if there are none, no record at all. Immutable.
public final class Rendering {

  private final Writing writing;

  /// @param writing how results are written
  public Rendering(Writing writing) {
    this.writing = writing;
  }

  /// Makes the text on the worker that runs the task.
  ///
  /// @param task the task
  /// @return a task whose results can be written
  public Task<Row, Rendered> after(Task<Row, ?> task) {
    Writing how = writing;
    return row -> new Rendering(how).render(row, task.run(row));
  }

  /// Makes text of a result.
  ///
  /// @param input what it is the result of
  /// @param result the result
  /// @return the text
  public Rendered render(Row input, Object result) {
    if (result instanceof NoResult && writing.parts().isEmpty()) {
      return new Rendered.Silent();
    }
    return switch (writing.format()) {
      case LINES, NUL -> line(input, result);
      case JSONL -> json(input, result);
      case CSV, TSV -> cells(input, result);
    };
  }

  private Rendered line(Row input, Object result) {
    if (writing.parts().isEmpty()) {
      return new Rendered.Fields(List.of(text(result)));
    }
    List<String> fields = new ArrayList<>();
    if (writing.has(Part.INDEX)) {
      fields.add(Long.toString(input.index()));
    }
    if (writing.has(Part.INPUT)) {
      fields.add(input.text());
    }
    if (!(result instanceof NoResult)) {
      fields.add(text(result));
    }
    return new Rendered.Fields(fields);
  }

  private Rendered json(Row input, Object result) {
    if (writing.parts().isEmpty()) {
      return new Rendered.Fields(List.of(Json.text(result)));
    }
    List<String> properties = new ArrayList<>();
    if (writing.has(Part.INDEX)) {
      properties.add("\"index\":" + input.index());
    }
    if (writing.has(Part.INPUT)) {
      properties.add("\"input\":" + input.toJson());
    }
    if (!(result instanceof NoResult)) {
      properties.add("\"result\":" + Json.text(result));
    }
    return new Rendered.Fields(properties);
  }

  private Rendered cells(Row input, Object result) {
    List<String> names = new ArrayList<>();
    List<String> values = new ArrayList<>();
    if (writing.has(Part.INDEX)) {
      names.add("index");
      values.add(Long.toString(input.index()));
    }
    if (writing.has(Part.INPUT)) {
      List<String> columns = input.columns();
      names.addAll(columns.isEmpty() ? List.of("input") : columns);
      values.addAll(columns.isEmpty() ? List.of(input.text()) : input.cells());
    }
    if (!(result instanceof NoResult)) {
      addResult(result, names, values);
    }
    return new Rendered.Cells(Columns.unique(names), values);
  }

  private static void addResult(Object result, List<String> names, List<String> values) {
    boolean table =
        switch (result) {
          case Record _, Map<?, ?> _, JsonNode _, JsonBytes _ -> true;
          default -> false;
        };
    if (table && Json.tree(result) instanceof ObjectNode object) {
      names.addAll(object.propertyNames());
      object.values().forEach(value -> values.add(text(value)));
    } else {
      names.add("result");
      values.add(text(result));
    }
  }

  private static String text(Object value) {
    return switch (value) {
      case CharSequence text -> text.toString();
      case Optional<?> optional -> optional.isPresent() ? text(optional.get()) : "";
      case JsonNode json when json.isString() -> json.stringValue();
      case JsonNode json when json.isNull() || json.isMissingNode() -> "";
      case Number number -> number.toString();
      case Row row -> row.text();
      default -> {
        JsonNode json = Json.tree(value);
        yield json.isValueNode() ? json.asString() : json.toString();
      }
    };
  }
}

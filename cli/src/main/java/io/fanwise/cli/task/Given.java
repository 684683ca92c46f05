package io.fanwise.cli.task;

import io.fanwise.rows.Format;
import io.fanwise.rows.Row;
import java.util.Arrays;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What of a row a task is given.
enum Given {
  TEXT(String.class, "row.text()"),
  ROW(Row.class, "row"),
  JSON(JsonNode.class, "row.json()");

  private final Class<?> type;
  private final String code;

  Given(Class<?> type, String code) {
    this.type = type;
    this.code = code;
  }

  /// What somebody means who does not say.
  static Given usual(Format format) {
    return switch (format) {
      case LINES, NUL -> TEXT;
      case CSV, TSV -> ROW;
      case JSONL -> JSON;
    };
  }

  /// What a parameter of some type is given; whatever is usual if it takes any object.
  static Optional<Given> to(Class<?> parameter, Format format) {
    return parameter == Object.class
        ? Optional.of(usual(format))
        : Arrays.stream(values()).filter(given -> given.type == parameter).findAny();
  }

  /// As [#to], of a type as it is written in a lambda.
  static Optional<Given> to(String parameter, Format format) {
    return switch (parameter) {
      case "String", "java.lang.String" -> Optional.of(TEXT);
      case "Row", "io.fanwise.rows.Row" -> Optional.of(ROW);
      case "JsonNode", "tools.jackson.databind.JsonNode" -> Optional.of(JSON);
      case "var", "Object", "java.lang.Object" -> Optional.of(usual(format));
      default -> Optional.empty();
    };
  }

  Object from(Row row) {
    return switch (this) {
      case TEXT -> row.text();
      case ROW -> row;
      case JSON -> row.json();
    };
  }

  /// The name of its type, in Java.
  String type() {
    return type.getSimpleName();
  }

  /// How it comes from `row`, in Java.
  String code() {
    return code;
  }
}

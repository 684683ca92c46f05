package io.fanwise.cli.input;

import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// JSON as it is read.
final class Json {

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private Json() {}

  static JsonNode parse(String text, Row row) {
    JsonNode json;
    try {
      json = MAPPER.readTree(text);
    } catch (JacksonException e) {
      throw new BadInput(row.place() + column(e) + ": not JSON: " + reason(e), e);
    }
    if (json.isMissingNode()) {
      throw new BadInput(row.place() + ": not JSON: the line is empty");
    }
    return json;
  }

  /// A string as JSON.
  static String text(String text) {
    return MAPPER.writeValueAsString(text);
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
}

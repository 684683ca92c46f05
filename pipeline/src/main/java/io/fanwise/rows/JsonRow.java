package io.fanwise.rows;

import java.util.List;
import java.util.NoSuchElementException;
import tools.jackson.databind.JsonNode;

/// A line that should be JSON. Whether it is shows when somebody asks, on a worker: reading stays
/// fast, and a line that is not JSON fails alone.
///
/// @param file what people call its file
/// @param number its number in the run, from 1
/// @param line its line in the file, from 1
/// @param text the line without its end
record JsonRow(String file, long number, long line, String text) implements Row {

  @Override
  public String place() {
    return file + ":" + line;
  }

  @Override
  public List<String> columns() {
    return List.copyOf(json().propertyNames());
  }

  @Override
  public List<String> cells() {
    JsonNode json = json();
    return json.isObject() ? json.values().stream().map(Json::cell).toList() : List.of();
  }

  @Override
  public String col(String name) {
    JsonNode json = json();
    JsonNode value = json.get(name);
    if (value == null) {
      throw new NoSuchElementException(
          "no property \""
              + name
              + "\" at "
              + place()
              + ": "
              + (json.isObject() ? known(json) : "the value is no object"));
    }
    return Json.cell(value);
  }

  @Override
  public JsonNode json() {
    return Json.parse(text, this);
  }

  @Override
  public String toJson() {
    Json.parse(text, this);
    return text.strip();
  }

  @Override
  public Row sound() {
    return this;
  }

  private static String known(JsonNode object) {
    return object.isEmpty()
        ? "the object is empty"
        : "it has " + String.join(", ", object.propertyNames());
  }
}

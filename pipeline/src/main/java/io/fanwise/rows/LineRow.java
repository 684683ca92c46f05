package io.fanwise.rows;

import java.util.List;
import java.util.NoSuchElementException;
import tools.jackson.databind.JsonNode;

/// A line, or a record that ends with NUL.
///
/// @param file what people call its file
/// @param number its number in the run, from 1
/// @param line its line in the file, from 1
/// @param text the line without its end
record LineRow(String file, long number, long line, String text) implements Row {

  @Override
  public String place() {
    return file + ":" + line;
  }

  @Override
  public List<String> columns() {
    return List.of();
  }

  @Override
  public List<String> cells() {
    return List.of();
  }

  @Override
  public String col(String name) {
    throw noColumns();
  }

  @Override
  public String col(int number) {
    throw noColumns();
  }

  @Override
  public JsonNode json() {
    return Json.parse(text, this);
  }

  @Override
  public String toJson() {
    return Json.text(text);
  }

  @Override
  public Row sound() {
    return this;
  }

  private NoSuchElementException noColumns() {
    return new NoSuchElementException(
        "lines have no columns, but "
            + file
            + " is read as lines: give --format csv, tsv or jsonl");
  }
}

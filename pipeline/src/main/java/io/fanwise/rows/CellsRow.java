package io.fanwise.rows;

import java.util.List;
import java.util.NoSuchElementException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A record of a csv or tsv file. It has a cell for each column; one with more says so when it is
/// used.
///
/// @param file what it has in common with others of its file
/// @param number its number in the run, from 1
/// @param line where it begins in its file, from 1
/// @param cells what is in it
record CellsRow(CellsFile file, long number, long line, List<String> cells) implements Row {

  @Override
  public String place() {
    return file.name() + ":" + line;
  }

  @Override
  public String text() {
    return Csv.record(file.format(), cells);
  }

  @Override
  public List<String> columns() {
    return file.columns().names();
  }

  @Override
  public String col(String name) {
    int place = file.columns().place(name);
    if (place < 0) {
      throw new NoSuchElementException(
          "no column \""
              + name
              + "\" in "
              + file.name()
              + ": it has "
              + String.join(", ", columns()));
    }
    return cells.get(place);
  }

  @Override
  public JsonNode json() {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < file.columns().count(); i++) {
      object.put(columns().get(i), cells.get(i));
    }
    return object;
  }

  @Override
  public String toJson() {
    return json().toString();
  }

  @Override
  public Row sound() {
    if (cells.size() > file.columns().count()) {
      throw new BadInput(
          "%s: %d fields, but there are %d columns (%s): quote a field that contains the separator"
              .formatted(
                  place(), cells.size(), file.columns().count(), String.join(", ", columns())));
    }
    return this;
  }
}

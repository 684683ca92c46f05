package io.fanwise.rows;

import java.io.Serializable;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One input, as a task sees it: a line, a record of a csv file, a JSON value, a row of a query.
/// Immutable.
public sealed interface Row extends Serializable permits LineRow, CellsRow, JsonRow, ValuesRow {

  /// {@return 1 for the first input of the run, whatever file it is from}
  long number();

  /// {@return 0 for the first input of the run}
  default long index() {
    return number() - 1;
  }

  /// {@return where it was read, for people: `items.csv:17`}
  String place();

  /// {@return the line without its end; a record of a csv or tsv file as such a file would have it}
  String text();

  /// {@return the names of the columns, in order; none if this is a line, or JSON but no object}
  List<String> columns();

  /// {@return the text in each of [#columns()]}
  List<String> cells();

  /// What is in each of [#columns()], as it is typed there: from a query or a Parquet file numbers,
  /// truth values, bytes, points in time, and null; text from anything else.
  ///
  /// @return the values
  default List<? extends @Nullable Object> values() {
    return cells();
  }

  /// The text in a column; of a JSON object, the value of a property (a string's own text, nothing
  /// for null).
  ///
  /// @param name the column's name
  /// @return its text; empty if the record ends before that column
  /// @throws NoSuchElementException if no column has this name
  String col(String name);

  /// The text in a column.
  ///
  /// @param number the column's number, from 1
  /// @return its text; empty if the record ends before that column
  /// @throws NoSuchElementException if there are not as many columns
  default String col(int number) {
    List<String> cells = cells();
    if (number < 1 || number > cells.size()) {
      throw new NoSuchElementException(
          "no column "
              + number
              + " at "
              + place()
              + ": columns count from 1, there are "
              + cells.size());
    }
    return cells.get(number - 1);
  }

  /// The JSON value of a JSON line; of any other line, what its text is as JSON; of a csv or tsv
  /// record, an object of strings; of a row of a query, an object of its values, times being ISO
  /// 8601. It is made by each call, on the thread that calls.
  ///
  /// @return the value
  /// @throws BadInput if it is not JSON
  JsonNode json();

  /// This input in a JSON document: a JSON line as it is, a csv or tsv record as an object, any
  /// other line as a string.
  ///
  /// @return JSON on one line
  /// @throws BadInput if it should be JSON and is not
  String toJson();

  /// Whoever runs a task on a row calls this first: a record with more fields than columns fails
  /// here, alone, and the rest of its file is read on.
  ///
  /// @return this row
  /// @throws BadInput if the record cannot be what its file says
  Row sound();
}

package io.fanwise.cli.output;

import io.fanwise.cli.exec.Output;
import java.util.List;

/// A result as it will be written, but for what only the run knows: attempts and time. Immutable.
public sealed interface Rendered {

  /// The fields of a line, or the properties of a JSON object; one JSON value if there are no
  /// parts.
  record Fields(List<String> fields) implements Rendered {}

  /// Columns of a table.
  record Cells(List<String> names, List<String> values) implements Rendered {}

  /// Bytes as they are, with no line end added: what a program printed.
  record Verbatim(Output output) implements Rendered {}

  /// Nothing to write.
  record Silent() implements Rendered {}
}

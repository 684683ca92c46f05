package io.fanwise.cli.output;

import io.fanwise.rows.Format;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How results are to be written. Immutable.
///
/// @param format the format
/// @param parts what each record says besides the result
public record Writing(Format format, Set<Part> parts) {

  /// Keeps its own set.
  public Writing {
    parts = Set.copyOf(parts);
  }

  /// Results alone, in the format of the file's extension; lines to standard output.
  ///
  /// @param file the file; none for standard output
  /// @return how to write
  public static Writing to(Optional<Path> file) {
    return new Writing(file.map(path -> Format.of(path.toString())).orElse(Format.LINES), Set.of());
  }

  /// Writes in a format, whatever the file's name.
  ///
  /// @param format the format
  /// @return a copy
  public Writing format(Format format) {
    return new Writing(format, parts);
  }

  /// Writes a part with each result.
  ///
  /// @param part the part
  /// @return a copy
  public Writing with(Part part) {
    Set<Part> more = EnumSet.of(part);
    more.addAll(parts);
    return new Writing(format, more);
  }

  /// What ends a record that does not end by itself.
  public char end() {
    return format == Format.NUL ? '\0' : '\n';
  }

  /// The text of a record that needs nothing more but its end; null of any other.
  public @Nullable String plain(Rendered result) {
    return parts.isEmpty() && result instanceof Rendered.Fields(var fields) && fields.size() == 1
        ? fields.getFirst()
        : null;
  }

  /// A result as that of another input, which is equal but for its place.
  ///
  /// @param index the place of that input, from 0
  /// @param result the result
  /// @return the result with that index, if it has one
  public Rendered at(long index, Rendered result) {
    if (!has(Part.INDEX)) {
      return result;
    }
    return switch (result) {
      case Rendered.Fields(var fields) ->
          new Rendered.Fields(
              first(format == Format.JSONL ? "\"index\":" + index : "" + index, fields));
      case Rendered.Cells(var names, var values) ->
          new Rendered.Cells(names, first("" + index, values));
      case Rendered.Verbatim _, Rendered.Silent _ -> result;
    };
  }

  private static List<String> first(String index, List<String> fields) {
    if (fields.getFirst().equals(index)) {
      return fields;
    }
    List<String> other = new ArrayList<>(fields);
    other.set(0, index);
    return other;
  }

  boolean has(Part part) {
    return parts.contains(part);
  }
}

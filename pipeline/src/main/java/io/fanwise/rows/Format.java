package io.fanwise.rows;

import java.util.Locale;

/// How the records of a file are told apart. Compression is no format: `items.csv.gz` is csv.
public enum Format {
  /// A record is a line. An empty line is a record too; `\r\n` ends a line as `\n` does.
  LINES,
  /// A record has columns with commas between, quoted as RFC 4180 says.
  CSV,
  /// As [#CSV], with tabs between.
  TSV,
  /// A record is a JSON value on a line of its own; blank lines are none.
  JSONL,
  /// A record ends with a NUL byte, as `find -print0` writes them; line ends are part of it.
  NUL;

  /// The format a file's name speaks of.
  ///
  /// @param name a file's name, or a path to it
  /// @return the format its extension says, [#LINES] if it says none
  public static Format of(String name) {
    return switch (extension(Compression.plain(name))) {
      case "csv" -> CSV;
      case "tsv" -> TSV;
      case "jsonl", "ndjson" -> JSONL;
      default -> LINES;
    };
  }

  /// {@return whether records have named columns of text}
  public boolean tabular() {
    return this == CSV || this == TSV;
  }

  /// {@return the name users type}
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static String extension(String name) {
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
  }
}

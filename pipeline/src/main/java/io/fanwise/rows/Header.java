package io.fanwise.rows;

/// Whether the first record of a csv or tsv file names its columns.
public enum Header {
  /// It does.
  PRESENT,
  /// It does not: the columns are called 1, 2, 3 and so on.
  ABSENT
}

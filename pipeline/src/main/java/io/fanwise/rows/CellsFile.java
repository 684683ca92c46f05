package io.fanwise.rows;

import java.io.Serializable;

/// What the records of one csv or tsv file have in common. Immutable.
///
/// @param name what people call the file
/// @param format [Format#CSV] or [Format#TSV]
/// @param columns its columns
record CellsFile(String name, Format format, Columns columns) implements Serializable {}

package io.fanwise.cli.input;

import java.io.Serializable;

/// What the records of one csv or tsv file have in common. Immutable.
record CellsFile(String name, Format format, Columns columns) implements Serializable {}

package io.fanwise.rows;

import java.io.Closeable;
import java.io.IOException;

/// The records of one file, in order. Confined to the thread that reads.
interface Records extends Closeable {

  /// Goes to the next record.
  ///
  /// @return false if there is none
  boolean advance() throws IOException;

  /// The record [#advance()] went to.
  ///
  /// @param number its number among all inputs
  Row row(long number);

  /// How many bytes of the unpacked file lie before the record that comes next; −1 if that is not
  /// known.
  long offset();

  /// How many lines of the file lie before it.
  long line();
}

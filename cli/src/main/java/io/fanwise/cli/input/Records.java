package io.fanwise.cli.input;

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
}

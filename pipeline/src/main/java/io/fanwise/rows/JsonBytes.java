package io.fanwise.rows;

/// What is JSON already, such as the answer of a web service: it is written as it is.
public interface JsonBytes {

  /// One JSON value on one line, in UTF-8.
  ///
  /// @return its bytes, which nobody changes
  byte[] json();
}

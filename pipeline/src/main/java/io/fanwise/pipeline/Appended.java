package io.fanwise.pipeline;

import java.io.IOException;

/// A file, or several one after another, to which bytes are appended. Confined to the thread that
/// writes.
interface Appended extends Sink.Output {

  /// Says what every file begins with, before anything is written.
  ///
  /// @param bytes the beginning
  /// @throws IOException if it cannot be written
  void heading(byte[] bytes) throws IOException;
}

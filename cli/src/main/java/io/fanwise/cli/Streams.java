package io.fanwise.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;

/// What a command reads and writes.
///
/// @param in standard input
/// @param out standard output: the results, and nothing else
/// @param err standard error: everything said about them
/// @param terminal which of them are a terminal
record Streams(InputStream in, OutputStream out, OutputStream err, Terminal terminal) {

  /// Those of this process.
  static Streams standard(Stop stop) {
    return new Streams(
        new StandardInput(stop),
        new FileOutputStream(FileDescriptor.out),
        new FileOutputStream(FileDescriptor.err),
        Terminal.system());
  }
}

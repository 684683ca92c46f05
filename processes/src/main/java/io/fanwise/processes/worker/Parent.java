package io.fanwise.processes.worker;

import java.io.IOException;
import java.nio.file.Path;

/// The JVM that started this one, as seen from here. Safe for use by many threads.
final class Parent {
  private final Path socket;
  private final long pid;
  private final int number;
  private final byte[] token;

  /// @param socket where it listens
  /// @param pid its process
  /// @param number which of its workers this is
  /// @param token what proves it
  Parent(Path socket, long pid, int number, byte[] token) {
    this.socket = socket;
    this.pid = pid;
    this.number = number;
    this.token = token;
  }

  /// Its process.
  long pid() {
    return pid;
  }

  /// Opens a line to it.
  ///
  /// @param kind what for
  Line dial(int kind) throws IOException {
    Line line = new Line(Main.connect(socket));
    new Hello(number, kind, ProcessHandle.current().pid(), token).send(line);
    return line;
  }
}

package io.fanwise.processes.worker;

import io.fanwise.shared.Broker;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/// The JVM that started this one, as seen from here. Safe for use by many threads.
final class Parent implements Broker.Dial {
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
    return new Line(connection(kind));
  }

  /// Opens a connection to it, for one operation on a shared object at a time.
  @Override
  public SocketChannel dial() throws IOException {
    return connection(Hello.STATE);
  }

  private SocketChannel connection(int kind) throws IOException {
    SocketChannel channel = Main.connect(socket, pid);
    new Hello(number, kind, token, Hello.Classes.here()).send(channel);
    return channel;
  }
}

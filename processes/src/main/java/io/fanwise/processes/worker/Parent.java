package io.fanwise.processes.worker;

import io.fanwise.shared.Broker;
import java.io.File;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;

/// The JVM that started this one, as seen from here. Safe for use by many threads.
final class Parent implements Broker.Dial {
  /// Half a second: a process with much memory takes a while to be gone.
  private static final int LOOKS = 250;

  private static final long LOOK_NANOS = 2_000_000;

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

  /// Whether its process has ended: this one is somebody else's child then.
  boolean isGone() {
    ProcessHandle now = ProcessHandle.current().parent().orElse(null);
    return now == null || now.pid() != pid;
  }

  /// It has hung up: this JVM ends. If it was killed, it could not tidy up, so what it has left
  /// behind goes as well.
  void leave() {
    if (isGoneSoon()) {
      File directory = Objects.requireNonNull(socket.getParent()).toFile();
      File[] files = directory.listFiles();
      for (int i = 0; files != null && i < files.length; i++) {
        files[i].delete();
      }
      directory.delete();
    }
    Runtime.getRuntime().halt(Exit.PARENT_GONE);
  }

  /// The sockets of a process that is killed are closed a moment before it is gone.
  boolean isGoneSoon() {
    for (int i = 0; i < LOOKS; i++) {
      if (isGone()) {
        return true;
      }
      LockSupport.parkNanos(LOOK_NANOS);
      Thread.interrupted(); // which would keep it from sleeping
    }
    return isGone();
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
    SocketChannel channel = Main.connect(socket, this);
    new Hello(number, kind, token, Hello.Classes.here()).send(channel);
    return channel;
  }
}

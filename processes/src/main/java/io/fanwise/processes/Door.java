package io.fanwise.processes;

import io.fanwise.processes.worker.Hello;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/// Where workers come in: the socket of a session. Whoever does not know the secret gets nothing,
/// not even an answer, and there is only so much room for those who say nothing.
///
/// Each line has a thread. Guarded by `this`: who is being listened to.
final class Door {
  /// Workers say who they are as soon as they are in; of those that do not, the first has to go
  /// when there are more than this. Each takes a thread.
  static final int MOST_STRANGERS = 64;

  /// What cannot be let in, for want of file handles or threads, waits outside for so long.
  private static final long PAUSE_NANOS = 20_000_000;

  private final ServerSocketChannel server;
  private final byte[] token;
  private final Map<Integer, WorkerJvm> workers;
  private final Deque<SocketChannel> strangers = new ArrayDeque<>();

  /// @param token what proves a worker
  /// @param workers those that are expected
  Door(ServerSocketChannel server, byte[] token, Map<Integer, WorkerJvm> workers) {
    this.server = server;
    this.token = token;
    this.workers = workers;
  }

  /// Lets workers in, until the server is closed.
  ///
  /// @param meanwhile what to do while the first of them starts
  void open(Runnable meanwhile) {
    daemon(
        "fan-processes-door",
        () -> {
          meanwhile.run();
          letIn();
        });
  }

  private static void daemon(String name, Runnable action) {
    Thread thread = new Thread(null, action, name, 0, false);
    thread.setDaemon(true);
    thread.start();
  }

  private void letIn() {
    while (server.isOpen()) {
      try {
        letIn(server.accept());
      } catch (IOException e) {
        LockSupport.parkNanos(PAUSE_NANOS); // unless the server is closed
      }
    }
  }

  private void letIn(SocketChannel channel) {
    boolean heard = false;
    try {
      arrived(channel);
      daemon("fan-processes-line", () -> greet(channel));
      heard = true;
    } catch (OutOfMemoryError e) {
      log().log(System.Logger.Level.WARNING, "no thread for a line to a worker", e);
    } finally {
      if (!heard) {
        known(channel);
        close(channel);
      }
    }
  }

  private synchronized void arrived(SocketChannel channel) {
    strangers.add(channel);
    if (strangers.size() > MOST_STRANGERS) {
      close(strangers.remove());
    }
  }

  private synchronized void known(SocketChannel channel) {
    strangers.remove(channel);
  }

  private void greet(SocketChannel channel) {
    boolean taken = false;
    try {
      Hello hello;
      try {
        hello = Hello.read(channel);
      } finally {
        known(channel);
      }
      WorkerJvm worker = workers.get(hello.worker());
      if (!MessageDigest.isEqual(hello.token(), token)) {
        log()
            .log(
                System.Logger.Level.WARNING,
                "somebody else connected to the socket of the workers");
      } else if (worker != null) {
        taken = worker.connected(hello, channel);
      }
    } catch (IOException | RuntimeException e) {
      log().log(System.Logger.Level.DEBUG, "a line to a worker ended", e);
    } finally {
      if (!taken) {
        close(channel);
      }
    }
  }

  /// Finding it may mean to look into every jar: only when there is something to say.
  private static System.Logger log() {
    return System.getLogger("io.fanwise.processes");
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // it is gone either way
    }
  }
}

package io.fanwise.processes;

import io.fanwise.processes.worker.Control;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/// What this JVM has to have before its first worker can be started, and what that one will knock
/// at: seen to by a thread of its own, while the first task is packed. Whoever needs any of it gets
/// it either way, and waits if it is being made; so what goes wrong here is told by them.
///
/// Safe for use by many threads.
final class Prelude {
  private static final AtomicBoolean PLAYED = new AtomicBoolean();

  private Prelude() {}

  /// Begins, the first time; does not wait for it.
  static void play() {
    if (PLAYED.compareAndSet(false, true)) {
      Thread thread = new Thread(null, Prelude::prepare, "fan-processes-prelude", 0, false);
      thread.setDaemon(true);
      thread.start();
    }
  }

  private static void prepare() {
    try {
      Session session = Session.current();
      WorkerJar.path();
      Inherited.options();
      Path page = session.directory().resolve("c0"); // workers count from 1
      Control.create(page);
      Files.delete(page);
      session.listen();
    } catch (IOException | RuntimeException e) {
      // whoever starts a worker comes upon it as well, and says so
    }
  }
}

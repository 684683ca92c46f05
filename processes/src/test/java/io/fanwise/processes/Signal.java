package io.fanwise.processes;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/// What one process sends to another, as the shell's `kill` does.
enum Signal {
  KILL,
  SEGV,
  STOP,
  INT;

  void sendTo(long pid) throws IOException, InterruptedException {
    new ProcessBuilder("/bin/sh", "-c", "kill -" + name() + " " + pid).start().waitFor();
  }

  /// Never returns: any thread may be the one that gets it, a moment later.
  void sendToSelf() throws IOException, InterruptedException {
    sendTo(ProcessHandle.current().pid());
    new CountDownLatch(1).await();
  }
}

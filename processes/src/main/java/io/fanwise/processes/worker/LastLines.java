package io.fanwise.processes.worker;

import java.io.IOException;

/// What is printed last in a JVM that ends by itself: sent when it ends, also by `System.exit`.
/// Safe for use by many threads.
final class LastLines extends Thread {
  private final Lines out;
  private final Lines err;

  LastLines(Lines out, Lines err) {
    super(null, null, "fan-last-lines", 0, false);
    this.out = out;
    this.err = err;
  }

  void flush() throws IOException {
    out.flushAll();
    err.flushAll();
  }

  @Override
  public void run() {
    try {
      flush();
    } catch (IOException e) {
      // the parent is gone: nobody to tell
    }
  }
}

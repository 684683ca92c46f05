package io.fanwise.processes;

import java.util.concurrent.locks.ReentrantLock;

/// Where what tasks print in worker JVMs comes out: the standard streams of this one, as they are
/// at the time. Whole lines, so that those of two workers never mix. Guarded by `LOCK`.
final class Printer {
  private static final ReentrantLock LOCK = new ReentrantLock();

  private Printer() {}

  /// Prints lines of a worker.
  ///
  /// @param lines each with its line feed
  /// @param prefix what to put in front of each
  static void print(boolean error, String lines, String prefix) {
    String text =
        prefix.isEmpty()
            ? lines
            : prefix + lines.substring(0, lines.length() - 1).replace("\n", "\n" + prefix) + "\n";
    LOCK.lock();
    try {
      if (error) {
        System.err.print(text);
        System.err.flush();
      } else {
        System.out.print(text);
        System.out.flush();
      }
    } finally {
      LOCK.unlock();
    }
  }
}

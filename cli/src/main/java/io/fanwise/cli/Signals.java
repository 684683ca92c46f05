package io.fanwise.cli;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// What the system asks of this process: once politely, and a second time at once.
final class Signals {
  /// Longer than ending a program takes that ignores SIGTERM.
  private static final long GRACE_MILLIS = 5_000;

  /// So long what is to be done at the end may take: deleting a few files.
  private static final long LAST_MILLIS = 1_000;

  private Signals() {}

  /// Stops the run by Ctrl-C and by SIGTERM. Where signals cannot be handled, the JVM just ends.
  static void heed(Stop stop) {
    heed("INT", Stop.Reason.INTERRUPTED, ExitCodes.INTERRUPTED, stop);
    heed("TERM", Stop.Reason.TERMINATED, ExitCodes.TERMINATED, stop);
  }

  private static void heed(String signal, Stop.Reason reason, int code, Stop stop) {
    org.jline.utils.Signals.register(
        signal,
        () -> {
          if (stop.ask(reason)) {
            endAfterGrace(code);
          } else {
            endNow(code);
          }
        });
  }

  /// For tasks that do not heed their interrupt: what was finished has been written by then.
  private static void endAfterGrace(int code) {
    later(
        "fan-grace",
        GRACE_MILLIS,
        () -> {
          System.err.println("fan: what runs does not heed its interrupt; ended without it");
          endNow(code);
        });
  }

  /// Whatever hangs, also in what is done at the end.
  private static void endNow(int code) {
    later("fan-last", LAST_MILLIS, () -> Runtime.getRuntime().halt(code));
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    Runtime.getRuntime().exit(code);
  }

  private static void later(String name, long millis, Runnable action) {
    long due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    Thread.ofPlatform()
        .daemon()
        .name(name)
        .start(() -> {
          for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
          }
          action.run();
        });
  }
}

package io.fanwise.cli;

import java.util.concurrent.locks.LockSupport;

/// What the system asks of this process: once politely, and a second time at once.
final class Signals {
  /// Longer than ending a program takes that ignores SIGTERM.
  private static final long GRACE_MILLIS = 5_000;

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
    Thread.ofPlatform()
        .daemon()
        .name("fan-grace")
        .start(() -> {
          LockSupport.parkUntil(System.currentTimeMillis() + GRACE_MILLIS);
          System.err.println("fan: what runs does not heed its interrupt; ended without it");
          endNow(code);
        });
  }

  private static void endNow(int code) {
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    Runtime.getRuntime().halt(code);
  }
}

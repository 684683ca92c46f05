package io.fanwise.cli;

/// What the system asks of this process: once politely, and a second time at once.
final class Signals {
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
          if (!stop.ask(reason)) {
            ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
            Runtime.getRuntime().halt(code);
          }
        });
  }
}

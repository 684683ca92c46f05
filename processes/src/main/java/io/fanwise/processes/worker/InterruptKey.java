package io.fanwise.processes.worker;

/// Ctrl-C in a terminal, which reaches every process there: what becomes of the workers is for the
/// parent to say.
final class InterruptKey {
  private InterruptKey() {}

  /// From now on it does nothing to this JVM.
  static void ignore() {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      signal
          .getMethod("handle", signal, handler)
          .invoke(
              null,
              signal.getConstructor(String.class).newInstance("INT"),
              handler.getField("SIG_IGN").get(null));
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      // a run-time image without jdk.unsupported, or a system without the signal
    }
  }
}

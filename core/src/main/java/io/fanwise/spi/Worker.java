package io.fanwise.spi;

/// Whoever runs a call on a thread of this JVM.
public interface Worker {

  /// What to call it in errors and displays.
  ///
  /// @return such as `fan-threads-3`
  String name();

  /// Whether it can be given up when a task ignores the interrupt after its timeout. If not, such a
  /// task is waited for.
  ///
  /// @return true if [#abandoned] does something about it
  default boolean replaceable() {
    return true;
  }

  /// Says that the thread is stuck in a task and given up: another should take its place. When the
  /// task returns at last, so does [Call#run], and the thread must end. Called by another thread.
  void abandoned();
}

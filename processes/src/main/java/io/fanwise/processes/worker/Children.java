package io.fanwise.processes.worker;

/// The processes that tasks of this JVM have started, and those that these have: as far as their
/// parents still live, since nobody knows of the others.
final class Children {
  private Children() {}

  /// Ends them with this JVM: what started them does not end by itself.
  static void kill() {
    for (Object child : ProcessHandle.current().descendants().toArray()) {
      ((ProcessHandle) child).destroyForcibly();
    }
  }
}

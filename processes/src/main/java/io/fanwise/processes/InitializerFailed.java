package io.fanwise.processes;

import java.io.IOException;

/// A worker could not do what it was to do before its first task, or it cannot be sent there.
final class InitializerFailed extends IOException {
  private static final long serialVersionUID = 1;

  /// @param cause what was thrown there
  InitializerFailed(Throwable cause) {
    super(cause);
  }

  /// What the caller is told.
  IllegalStateException told() {
    return new IllegalStateException(
        "the initializer failed in a worker JVM: " + getCause(), getCause());
  }
}

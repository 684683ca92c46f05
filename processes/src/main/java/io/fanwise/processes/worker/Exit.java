package io.fanwise.processes.worker;

/// How a worker JVM ends when it is not the task that ends it.
public final class Exit {
  private Exit() {}

  /// The parent is gone.
  public static final int PARENT_GONE = 81;

  /// A task ignored its interrupt.
  public static final int ABANDONED = 82;
}

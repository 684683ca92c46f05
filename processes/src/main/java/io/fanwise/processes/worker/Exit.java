package io.fanwise.processes.worker;

/// How a worker JVM ends when it is not the task that ends it.
public final class Exit {
  private Exit() {}

  /// The parent is gone.
  public static final int PARENT_GONE = 81;

  /// What was to be done before the task failed.
  public static final int FAILED = 1;

  /// The only task was told to stop, and did: as a JVM ends that got a SIGTERM.
  public static final int TERMINATED = 143;

  /// There is no talking to the parent any more.
  public static final int LINE_BROKEN = 83;

  /// A task ignored its interrupt.
  public static final int ABANDONED = 82;
}

package io.fanwise.processes.worker;

/// Flags of a batch that is sent.
public final class Sending {
  private Sending() {}

  /// The time of each attempt is wanted.
  public static final int TIMED = 1;

  /// The inputs behind a failed one are left alone.
  public static final int STOP_AT_FAILURE = 2;

  /// The inputs are consecutive numbers.
  public static final int NUMBERS = 4;
}

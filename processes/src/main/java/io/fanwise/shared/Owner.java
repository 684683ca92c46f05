package io.fanwise.shared;

import java.time.Instant;

/// The JVM that shared memory belongs to, told apart from a later one of the same number by when it
/// was started. Immutable.
///
/// @param pid the number of the process
/// @param start when it was started, in milliseconds of the epoch; 0 if the system does not say
record Owner(long pid, long start) {
  /// What the names of all files and directories of shared memory begin with.
  static final String PREFIX = "fanwise-shared-";

  private static final String[] NONE = {};

  // Linux counts from when it was booted, which each JVM converts by the clock as it was set then.
  private static final long SLACK = 10_000;

  private static final Owner SELF = of(ProcessHandle.current());

  /// This JVM.
  static Owner self() {
    return SELF;
  }

  /// The owner in a name that [#name] began.
  ///
  /// @throws IllegalArgumentException if it did not
  static Owner in(String name) {
    String[] parts = name.startsWith(PREFIX) ? name.substring(PREFIX.length()).split("-") : NONE;
    try {
      return new Owner(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw new IllegalArgumentException(name + " is not the name of shared memory", e);
    }
  }

  private static Owner of(ProcessHandle process) {
    Instant start = process.info().startInstant().orElse(Instant.EPOCH);
    return new Owner(process.pid(), start.toEpochMilli());
  }

  /// What the names of its files begin with.
  String name() {
    return PREFIX + pid + "-" + start;
  }

  /// Whether it still runs. An owner of which the system says too little counts as running.
  boolean alive() {
    return ProcessHandle.of(pid)
        .map(Owner::of)
        .filter(found -> found.start == 0 || start == 0 || Math.abs(found.start - start) < SLACK)
        .isPresent();
  }
}

package io.fanwise.cli;

/// What `fan` tells the shell.
final class ExitCodes {
  static final int GOOD = 0;
  static final int SOME_FAILED = 1;
  static final int NOT_RUN = 2;
  static final int OURS = 3;
  static final int INTERRUPTED = 130;
  static final int TERMINATED = 143;

  private ExitCodes() {}
}

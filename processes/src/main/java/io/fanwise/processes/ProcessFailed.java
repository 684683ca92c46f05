package io.fanwise.processes;

/// The task of a process threw. The cause is what it threw, with the stack trace of where that was.
public final class ProcessFailed extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// Which process.
  private final String process;

  ProcessFailed(String process, Throwable cause) {
    super("process " + process + " failed: " + cause, cause);
    this.process = process;
  }

  /// Which process.
  ///
  /// @return its name
  public String process() {
    return process;
  }
}

package io.fanwise.pipeline;

/// A run that had to stop because its outputs or its state could not be written: the disk is full,
/// or was unplugged. What was committed is safe, and the run goes on from there when it is run
/// again.
public final class RunBroken extends RuntimeException {
  private static final long serialVersionUID = 1;

  RunBroken(String message, Throwable cause) {
    super(message, cause);
  }
}

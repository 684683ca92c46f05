package io.fanwise.cli.task;

/// What a task without a result gives, such as `Files.delete(Path.of(line))`: a success with
/// nothing to write.
public enum NoResult {
  /// The one there is.
  NO_RESULT
}

package io.fanwise.pipeline;

/// A task that knows by what it differs from others of its class. A run is not gone on with when
/// its task is another one.
public interface Identified {

  /// What it does, in words that differ when results would.
  ///
  /// @return text, which is kept in the folder of the run: no secrets
  String identity();

  /// What any task does: what it says itself, or else its class and a digest of its code.
  ///
  /// @param task a task, or a part of one
  /// @return words that differ when results would, as far as the code of one class says
  static String of(Object task) {
    return CodeIdentity.of(task);
  }
}

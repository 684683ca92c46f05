package io.fanwise.cli.exec;

/// A program that runs and can be ended, with all it started. Safe for use by many threads.
interface Child {
  /// Asks the tree to end.
  void terminate();

  /// Ends the tree, whether it wants or not.
  void kill();

  /// True if the program and all that was seen of its tree have ended.
  boolean gone();
}

package io.fanwise.cli;

/// An input with which the command cannot be run: it lacks a column, or has what no program can be
/// given.
final class DoesNotFit extends Exception {
  private static final long serialVersionUID = 1;

  DoesNotFit(IllegalArgumentException why) {
    super(why.getMessage(), why);
  }
}

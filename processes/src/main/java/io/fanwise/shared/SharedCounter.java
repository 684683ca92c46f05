package io.fanwise.shared;

import java.io.Serializable;

/// A number that all workers see and change. Made by [Shared#counter].
///
/// Each change happens once and whole, or not at all, whenever a worker dies. If the task is tried
/// again, it counts again.
///
/// Safe for use by many threads, in any JVM.
public final class SharedCounter implements Serializable {
  private static final long serialVersionUID = 1;

  final transient Line line;

  SharedCounter(Line line) {
    this.line = line;
  }

  /// Where it is travels, not what is in it.
  ///
  /// @return what stands for it
  private Object writeReplace() {
    return line.reference();
  }

  /// Reads it.
  ///
  /// @return what it is now
  public long get() {
    return line.number(Verb.GET);
  }

  /// Counts one.
  ///
  /// @return what it is after that
  public long increment() {
    return add(1);
  }

  /// Adds to it.
  ///
  /// @param more how much; may be negative
  /// @return what it is after that
  public long add(long more) {
    return line.number(Verb.ADD, more);
  }

  /// Gives it another value.
  ///
  /// @param value what it becomes
  /// @return what it was before
  public long set(long value) {
    return line.number(Verb.SET, value);
  }

  /// Gives it another value if nobody has changed it meanwhile.
  ///
  /// @param expected what it has to be
  /// @param value what it becomes
  /// @return whether it was as expected, and so was changed
  public boolean compareAndSet(long expected, long value) {
    return line.yes(Verb.COMPARE_AND_SET, expected, value);
  }

  /// What it is and how it is at this moment; not how it is, if it lives in another JVM. Never
  /// waits.
  @Override
  public String toString() {
    return line.toString();
  }
}

package io.fanwise.work;

/// An error that is not about its input: others would fail in the same way, as with a wrong key or
/// a model that is not there. The run ends at once, also one that goes on whatever fails: nothing
/// is tried again, and the input is not held to have failed.
///
/// ```java
/// final class WrongKey extends IOException implements EndsRun {}
/// ```
///
/// Implemented by exceptions and errors that tasks throw.
public interface EndsRun {

  /// Whether it is such an error: one class may be of both kinds.
  ///
  /// @return false for an error that is about its input
  default boolean endsRun() {
    return true;
  }

  /// Whether an error ends the run.
  ///
  /// @param error any error
  /// @return whether it says so
  static boolean is(Throwable error) {
    return error instanceof EndsRun ends && ends.endsRun();
  }
}

package io.fanwise.work;

import java.io.Serializable;

/// One function, to be run over many inputs.
///
/// It may throw whatever it likes: what it throws is reported with the input it was given. It is
/// serializable by type, so that a lambda can travel to another JVM. Workers call it at the same
/// time, so what it shares between calls must be safe for use by many threads.
///
/// @param <T> what it is given; never null
/// @param <R> what it gives back; never null (a task with nothing to say is an [Action])
@FunctionalInterface
public interface Task<T, R> extends Serializable {

  /// Runs on one input.
  ///
  /// @param input the input
  /// @return the result, not null
  /// @throws Exception whatever went wrong with this input
  R run(T input) throws Exception;
}

package io.fanwise.processes;

import io.fanwise.processes.worker.Returned;
import io.fanwise.work.Task;
import org.jspecify.annotations.Nullable;

/// What a [JvmProcess] runs, once: the `target` of Python's `Process`. Its arguments are what the
/// lambda captures.
///
/// It may throw whatever it likes. It is serializable by type, so that a lambda can travel.
///
/// @param <R> what it gives back; may be null
@FunctionalInterface
public interface Program<R extends @Nullable Object> extends Task<Object, Object> {

  /// Runs.
  ///
  /// @return the result
  /// @throws Exception whatever went wrong
  R run() throws Exception;

  /// As workers run it.
  ///
  /// @param nothing not used
  /// @return the result, wrapped
  /// @throws Exception whatever went wrong
  @Override
  @SuppressWarnings("FunctionalInterfaceMethodChanged") // a task that does without its input
  default Object run(Object nothing) throws Exception {
    return new Returned(run());
  }
}

package io.fanwise.processes;

import io.fanwise.processes.worker.Returned;
import io.fanwise.work.Task;

/// What a [JvmProcess] runs, once, of which nothing comes back.
///
/// Everything said of [Program] holds here too.
@FunctionalInterface
public interface Procedure extends Task<Object, Object> {

  /// Runs.
  ///
  /// @throws Exception whatever went wrong
  void run() throws Exception;

  /// As workers run it.
  ///
  /// @param nothing not used
  /// @return nothing, wrapped
  /// @throws Exception whatever went wrong
  @Override
  @SuppressWarnings("FunctionalInterfaceMethodChanged") // a task that does without its input
  default Object run(Object nothing) throws Exception {
    run();
    return new Returned(null);
  }
}

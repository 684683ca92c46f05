package io.fanwise.pipeline;

import java.io.Serializable;

/// Names the file of a result. It is asked on the worker.
///
/// @param <R> the type of results
@FunctionalInterface
public interface Naming<R> extends Serializable {

  /// Names a file.
  ///
  /// @param index the position of the input
  /// @param result the result
  /// @return a path below the sink's folder, with `/` between its parts
  /// @throws Exception if the result cannot have a name: its input has failed then
  String name(long index, R result) throws Exception;
}

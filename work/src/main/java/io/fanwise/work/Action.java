package io.fanwise.work;

import java.io.Serializable;

/// Something to be done with many inputs, of which nothing comes back.
///
/// Everything said of [Task] holds here too.
///
/// @param <T> what it is given; never null
@FunctionalInterface
public interface Action<T> extends Serializable {

  /// Runs on one input.
  ///
  /// @param input the input
  /// @throws Exception whatever went wrong with this input
  void run(T input) throws Exception;
}

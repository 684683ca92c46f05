package io.fanwise.bench.peers;

import io.fanwise.work.Task;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/// One way to run a task over many inputs in parallel, in its own idiom.
///
/// @see Peers
public interface Peer extends AutoCloseable {

  /// All results in the order of inputs.
  ///
  /// @param inputs what to run it on
  /// @param task what to run
  /// @return a list of results
  /// @param <T> the type of inputs
  /// @param <R> the type of results
  /// @throws Exception if the task does, or whatever the peer makes of that
  <T, R> List<R> map(List<T> inputs, Task<T, R> task) throws Exception;

  /// Every result once to the sink, in any order and from any thread.
  ///
  /// @param inputs what to run it on, read lazily
  /// @param task what to run
  /// @param sink what takes the results; safe for use by many threads
  /// @param <T> the type of inputs
  /// @param <R> the type of results
  /// @throws Exception if the task does, or whatever the peer makes of that
  default <T, R> void each(Iterator<T> inputs, Task<T, R> task, Consumer<R> sink) throws Exception {
    throw new UnsupportedOperationException("this peer has no way to stream");
  }

  @Override
  default void close() {}
}

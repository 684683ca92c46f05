package io.fanwise.pipeline;

import io.fanwise.rows.Json;
import io.fanwise.work.Task;
import java.io.Serializable;
import java.util.Optional;

/// How inputs are called by those who know them. Immutable.
///
/// @param <T> the type of inputs
sealed interface Keys<T> extends Serializable {

  /// The key of an input, as JSON; empty if there are no keys.
  Optional<byte[]> of(T input) throws Exception;

  /// They have positions only.
  ///
  /// @param <T> the type of inputs
  record None<T>() implements Keys<T> {
    @Override
    public Optional<byte[]> of(T input) {
      return Optional.empty();
    }
  }

  /// They have names of their own.
  ///
  /// @param function gives each its name
  /// @param <T> the type of inputs
  record By<T>(Task<? super T, ?> function) implements Keys<T> {
    @Override
    public Optional<byte[]> of(T input) throws Exception {
      Object key = function.run(input);
      if (key == null) {
        throw new IllegalArgumentException("the key of this input is null: give it a key");
      }
      return Optional.of(Json.bytes(key));
    }
  }
}

package io.fanwise.pipeline;

import io.fanwise.work.Task;
import org.jspecify.annotations.Nullable;

/// When inputs are equal, so that one call does for all of them. Immutable.
///
/// @param <T> the type of inputs
sealed interface Sameness<T> {

  /// The digest of what counts of an input; null if it equals no other.
  @Nullable Digest of(T input) throws Exception;

  /// They never are.
  ///
  /// @param <T> the type of inputs
  record None<T>() implements Sameness<T> {
    @Override
    public @Nullable Digest of(T input) {
      return null;
    }
  }

  /// They contain the same.
  ///
  /// @param <T> the type of inputs
  record Contents<T>() implements Sameness<T> {
    @Override
    public Digest of(T input) {
      return ContentDigest.digest(input);
    }
  }

  /// Some part of them is the same.
  ///
  /// @param function gives what counts
  /// @param <T> the type of inputs
  record Parts<T>(Task<? super T, ?> function) implements Sameness<T> {
    @Override
    public @Nullable Digest of(T input) throws Exception {
      Object part = function.run(input);
      return part == null ? null : ContentDigest.digest(part);
    }
  }
}

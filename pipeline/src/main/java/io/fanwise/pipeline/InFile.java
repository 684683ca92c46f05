package io.fanwise.pipeline;

/// What goes to a file, or to several. Immutable.
///
/// @param <R> the type of results
public interface InFile<R> extends Sink<R> {

  /// Writes to several files, one after the other, none larger than is said: `answers-00001.jsonl`,
  /// `answers-00002.jsonl`, …
  ///
  /// @param size when a part is full
  /// @return a copy
  Sink<R> parts(Parts size);
}

package io.fanwise.pipeline;

import io.fanwise.work.Execution;

/// An input that has failed for good. Immutable, as far as the input is.
///
/// @param position where it stands among all inputs, from 0
/// @param input the input as it was read; a [row][io.fanwise.rows.Row] if that was from a file
/// @param error what its last attempt threw
/// @param execution how the work on it went
public record FailedInput(long position, Object input, Throwable error, Execution execution) {}

package io.fanwise.pipeline;

import io.fanwise.work.Execution;

/// An input whose result an output does not take, so that it has failed after all. Immutable.
///
/// @param item the input
/// @param error why
/// @param execution how the work on it went
record Refusal(Item item, Throwable error, Execution execution) {}

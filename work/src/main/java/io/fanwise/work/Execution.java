package io.fanwise.work;

import java.time.Duration;

/// How the work on one input went. Immutable.
///
/// @param index where the input stood among the inputs, from 0
/// @param attempts how often it was tried, from 1
/// @param duration how long the last attempt ran on its worker, without waiting
/// @param worker the name of the worker that made the last attempt
public record Execution(long index, int attempts, Duration duration, String worker) {}

package io.fanwise.work;

import java.io.Serializable;

/// What stands in the place of a result when there is none.
///
/// @param error what the task threw, or [TaskTimedOut]
public record Failure(Throwable error) implements Serializable {}

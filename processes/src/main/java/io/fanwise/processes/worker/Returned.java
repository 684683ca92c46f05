package io.fanwise.processes.worker;

import org.jspecify.annotations.Nullable;

/// What the task of a process returned, which may be nothing. Immutable; never leaves its JVM.
///
/// @param value the result
public record Returned(@Nullable Object value) {}

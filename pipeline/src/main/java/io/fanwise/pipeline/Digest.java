package io.fanwise.pipeline;

/// What tells an input from others that are not equal to it: 128 bits. Immutable.
///
/// @param high the first half
/// @param low the second half
record Digest(long high, long low) {}

package io.fanwise.pipeline;

import java.nio.file.Path;
import java.time.Duration;

/// What became of a run. Immutable.
///
/// @param done how many inputs have a result in the outputs, earlier sittings included
/// @param failed how many have failed for good
/// @param leftOut how many are of no interest by the condition that the pipeline was given
/// @param before how many of done and failed were so before this sitting
/// @param elapsed how long this sitting took
/// @param failures the file with the inputs that failed, and why
/// @param complete whether no input is left; one that failed is not
public record Summary(
    long done,
    long failed,
    long leftOut,
    long before,
    Duration elapsed,
    Path failures,
    boolean complete) {}

package io.fanwise.cli.exec;

import java.time.Duration;

/// What is known of a program that has ended.
///
/// @param exit how it ended
/// @param stdout what it printed to standard output, its own and nobody else's
/// @param stderr what it printed to standard error
/// @param duration from its start to its end
public record Finished(Exit exit, Output stdout, Output stderr, Duration duration) {}

package io.fanwise.cli;

import io.fanwise.cli.exec.Output;
import io.fanwise.cli.output.Rendered;

/// What a program printed: to be written as a result, and to be passed on.
///
/// @param record its record
/// @param stderr what it said on standard error
record Printed(Rendered record, Output stderr) {}

package io.fanwise.cli.task;

import io.fanwise.cli.input.Row;
import io.fanwise.work.Task;

/// A task that is ready to run, and the classes it is made of.
///
/// @param task safe for use by many threads if what the user wrote is; its result is never null,
///   and [NoResult] if it has none
/// @param classes loads the user's classes and knows their bytes
public record CompiledTask(Task<Row, Object> task, TaskClasses classes) {}

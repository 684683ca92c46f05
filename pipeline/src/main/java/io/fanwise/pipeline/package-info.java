/// Pipelines: from a source through a task into a sink, each input exactly once, whatever dies
/// when.
///
/// [io.fanwise.pipeline.Pipeline] is where to begin.
@NullMarked
package io.fanwise.pipeline;

import org.jspecify.annotations.NullMarked;

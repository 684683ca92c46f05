/// Parquet files as sources and sinks of pipelines.
@NullMarked
package io.fanwise.parquet;

import org.jspecify.annotations.NullMarked;

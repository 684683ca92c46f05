/// Pipelines of slow calls beside the clients they are made with; for `bench/peers/run calls`.
@NullMarked
package io.fanwise.bench.calls;

import org.jspecify.annotations.NullMarked;

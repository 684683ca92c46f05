/// JMH benchmarks: what the engine costs, and where its constants come from.
@NullMarked
package io.fanwise.bench;

import org.jspecify.annotations.NullMarked;

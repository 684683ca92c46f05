/// Worker JVMs beside what Python has, and beside the bare transport: one process measures one of
/// them in one case.
@NullMarked
package io.fanwise.bench.processes;

import org.jspecify.annotations.NullMarked;

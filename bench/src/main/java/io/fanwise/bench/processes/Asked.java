package io.fanwise.bench.processes;

/// What a process is to measure. Immutable.
///
/// @param name which case
/// @param peer what is measured
/// @param size how many inputs
/// @param jobs how many workers
/// @param repetitions how often
/// @param warmups how often before that
record Asked(String name, String peer, int size, int jobs, int repetitions, int warmups) {
  static Asked of(String... args) {
    return new Asked(
        args[0],
        args[1],
        Integer.parseInt(args[2]),
        Integer.parseInt(args[3]),
        Integer.parseInt(args[4]),
        Integer.parseInt(args[5]));
  }

  IllegalArgumentException unknown() {
    return new IllegalArgumentException("there is no case " + name + " for " + peer);
  }
}

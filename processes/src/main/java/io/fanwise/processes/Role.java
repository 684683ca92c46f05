package io.fanwise.processes;

/// What a worker JVM is there for, and what it is called. Immutable.
///
/// @param kind what it is there for
/// @param name what the user calls it; empty for a name that goes by its number
record Role(Kind kind, String name) {
  static final Role WORKER = new Role(Kind.WORKER, "");

  /// What there is to be.
  enum Kind {
    /// A worker in a pool, who leaves it to others to find more workers.
    WORKER("fan-worker"),
    /// A process that does one thing, with all means.
    PROCESS("fan-process");

    private final String word;

    Kind(String word) {
      this.word = word;
    }
  }

  String name(int number) {
    return name.isEmpty() ? file(number) : name;
  }

  /// What its files are called, which not every name would do for.
  String file(int number) {
    return kind.word + "-" + number;
  }
}

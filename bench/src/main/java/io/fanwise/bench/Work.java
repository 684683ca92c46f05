package io.fanwise.bench;

import io.fanwise.work.Task;

/// What is done with each number: something that takes about as long as its name says.
public enum Work {
  /// Next to nothing.
  SQRT(0),
  /// About 100 ns.
  NS_100(65),
  /// About 1 µs.
  US_1(650);

  private final int rounds;

  Work(int rounds) {
    this.rounds = rounds;
  }

  /// One task object for each length, as a user would have: so that none is slowed down by another.
  ///
  /// @return a new task
  public Task<Integer, Double> task() {
    int often = rounds;
    return often == 0 ? input -> Math.sqrt(input) : input -> spin(input, often);
  }

  private static double spin(int seed, int rounds) {
    long x = seed * 0x9E3779B97F4A7C15L + 1;
    for (int i = 0; i < rounds; i++) {
      x ^= x << 13;
      x ^= x >>> 7;
      x ^= x << 17;
    }
    return x;
  }
}

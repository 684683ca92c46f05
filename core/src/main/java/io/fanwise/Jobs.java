package io.fanwise;

/// Counts jobs as joblib does.
final class Jobs {
  private Jobs() {}

  static int count(int jobs) {
    return count(jobs, Runtime.getRuntime().availableProcessors());
  }

  /// A positive number is itself; −1 is all cores, −2 all but one, never below 1.
  static int count(int jobs, int cores) {
    if (jobs == 0) {
      throw new IllegalArgumentException(
          "jobs must be 1 or more, or negative to count from the number of cores (-1 for all, -2 for"
              + " all but one); was 0");
    }
    return jobs > 0 ? jobs : Math.max(1, cores + 1 + jobs);
  }
}

package io.fanwise;

import java.time.Duration;
import java.util.Locale;

/// A run did not end within its deadline. What ran was stopped; what had finished before was handed
/// on by a stream, and is lost to a list.
public final class RunTimedOut extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// A run that took too long.
  ///
  /// @param deadline the time it had
  /// @param done how many inputs had been done
  /// @param running how many calls were at work
  RunTimedOut(Duration deadline, long done, int running) {
    super(
        String.format(
            Locale.ROOT,
            "the run did not end within %s: %,d inputs were done, %,d calls were at work",
            deadline.toString().substring(2).toLowerCase(Locale.ROOT),
            done,
            running));
  }
}

package io.fanwise;

import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A run as its consumer sees it: results that come when they are pulled. Pulled by one thread at a
/// time; closed by any.
interface Pull {

  /// What the consumer gets to see of failures.
  enum Failures {
    /// The first one ends the run.
    END_THE_RUN,
    /// They are outcomes like any other.
    ARE_OUTCOMES
  }

  /// Results of consecutive inputs, the consumer's from now on.
  ///
  /// @param first the index of the first input
  /// @param values the results, or outcomes
  @SuppressWarnings("ArrayRecordComponent") // handed over, not compared
  record Results(long first, Object[] values) {}

  /// The next results; null at the end.
  default @Nullable Results next() {
    return next(() -> false);
  }

  /// The next results; null at the end, or if there are none and it is not worth waiting for them.
  ///
  /// @param enough whether to come back empty-handed, asked whenever something has changed
  @Nullable Results next(BooleanSupplier enough);

  /// How many inputs it would take at once; 0 if the window is full.
  int appetite();

  /// Says that nobody wants more, without waiting: what runs is stopped, and whoever pulls ends the
  /// run.
  void cancel();

  /// Ends the run before its time, and waits until what runs has stopped. May be called again.
  void close();

  /// What a consumer gets that pulls again after the end: nothing, or what ended the run.
  static @Nullable Results nothingMore(@Nullable Throwable ended) {
    return switch (ended) {
      case null -> null;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(ended);
    };
  }

  /// Closes what a run has used, when something else has gone wrong already.
  static void close(Runnable closing, Throwable error) {
    try {
      closing.run();
    } catch (Throwable e) {
      if (!e.equals(error)) {
        error.addSuppressed(e);
      }
    }
  }

  static CancellationException closed() {
    return new CancellationException("the run was closed while its results were being read");
  }

  static CancellationException interrupted() {
    return new CancellationException("the thread that reads the results was interrupted");
  }
}

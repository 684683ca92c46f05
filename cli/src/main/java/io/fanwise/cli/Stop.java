package io.fanwise.cli;

import static java.util.Objects.requireNonNull;

import io.fanwise.work.Task;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/// A wish that the run may stop before its inputs do. The first reason counts.
///
/// Guarded by its monitor, which is never held while anybody waits; `reason` may be read without.
final class Stop {
  private volatile @Nullable Reason reason;
  private @Nullable Thread waiting;

  /// Why a run stops early.
  enum Reason {
    /// Ctrl-C.
    INTERRUPTED("interrupted"),
    /// The system, or somebody, asks the process to end.
    TERMINATED("terminated"),
    /// Whoever read the results has gone away.
    NOBODY_READS("nobody reads the results any more"),
    /// As many inputs failed as `--halt` allows.
    HALTED("halted"),
    /// The results cannot be written.
    BROKEN("stopped");

    private final String said;

    Reason(String said) {
      this.said = said;
    }

    @Override
    public String toString() {
      return said;
    }
  }

  /// Asks the run to stop; wakes its thread if that waits for something that may never come.
  ///
  /// @return false if it was asked before
  synchronized boolean ask(Reason why) {
    if (reason != null) {
      return false;
    }
    reason = requireNonNull(why);
    if (waiting != null) {
      waiting.interrupt();
    }
    return true;
  }

  boolean asked() {
    return reason != null;
  }

  Optional<Reason> reason() {
    return Optional.ofNullable(reason);
  }

  /// A task for the very thread that runs the command, which is woken from it as well.
  <T, R> Task<T, R> interrupting(Task<T, R> task) {
    return input -> {
      if (!waits(Thread.currentThread())) {
        throw new CancellationException(String.valueOf(reason));
      }
      try {
        return task.run(input);
      } finally {
        waited();
      }
    };
  }

  /// Says that a thread is about to wait, so that it can be woken.
  ///
  /// @return false if it need not wait
  synchronized boolean waits(Thread thread) {
    if (reason != null) {
      return false;
    }
    waiting = thread;
    return true;
  }

  /// Says that it waits no more; from here on it is not interrupted.
  synchronized void waited() {
    if (waiting != null && reason != null) {
      Thread.interrupted();
    }
    waiting = null;
  }
}

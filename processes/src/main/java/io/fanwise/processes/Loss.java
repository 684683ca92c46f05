package io.fanwise.processes;

import io.fanwise.codec.MalformedFrame;
import io.fanwise.processes.worker.Control;
import io.fanwise.work.Batch;
import io.fanwise.work.Failure;
import io.fanwise.work.TaskTimedOut;
import io.fanwise.work.WorkerLost;
import java.io.IOException;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// The end of a worker, and what becomes of the batches that it had: the input that was at work has
/// failed; everything else is run again. Confined to the lane's thread.
///
/// ```
/// cancelled ─────────────────────▶ nothing of it was run
/// at work ──┬────────────────────▶ its first input has failed, the rest comes back to the run
///           └────────────────────▶ again, as far as the input that was at work, which has failed
/// behind another, or the worker
/// was killed over another ───────▶ back to the queue
/// not begun, though first ──┬────▶ again: its first half, or its one input
///                           └────▶ its one input for the second time: that has failed
/// ```
final class Loss {
  private static final Batch.Result NOTHING_RAN =
      new Batch.Result(new Object[0], 0, 0, 0, new long[0], "");

  private final WorkerLost error;
  private final Control control;
  private final boolean killed;
  private final @Nullable RuntimeException notStarted;

  private Loss(
      WorkerLost error, Control control, boolean killed, @Nullable RuntimeException notStarted) {
    this.error = error;
    this.control = control;
    this.killed = killed;
    this.notStarted = notStarted;
  }

  /// Waits until the worker has ended, which is a moment away, and asks what of.
  ///
  /// @param how what the lane has noticed
  static Loss of(Stint gone, IOException how) {
    WorkerJvm worker = gone.worker();
    int code = how instanceof MalformedFrame ? worker.stopped() : worker.exitCode();
    worker.partedFrom();
    LastWords words = worker.lastWords();
    WorkerLost error = words.of(worker.name(), code);
    if (code < 0) {
      error.initCause(how);
    }
    boolean killed = gone.wasKilled();
    boolean began = !gone.isStarting() || killed;
    return new Loss(error, worker.control(), killed, began ? null : notStarted(words, code, how));
  }

  private static RuntimeException notStarted(LastWords words, int code, IOException how) {
    return how instanceof InitializerFailed failed
        ? failed.told()
        : new IllegalStateException(words.withoutBeginning(code, how), how);
  }

  /// Why it never began, and another would not either; null if it did.
  @Nullable RuntimeException notStarted() {
    return notStarted;
  }

  /// Brings home what is known of the batches, and has the rest run again.
  ///
  /// @param all what the worker had, the oldest first
  /// @param again where what is tried by the same lane goes
  void settle(List<Sent> all, ProcessPool pool, Queue<Sent> again) {
    for (int i = 0; i < all.size(); i++) {
      Sent one = all.get(i);
      if (pool.keep(one)) {
        Sent rest = settle(one, i == 0, pool);
        if (rest != null) {
          pool.retaken(rest, one);
          again.add(rest);
        }
      }
    }
  }

  /// @return what the lane is to try again; null if it is out of its hands
  private @Nullable Sent settle(Sent one, boolean first, ProcessPool pool) {
    if (one.isCancelled()) {
      pool.home(one);
      one.call().done(NOTHING_RAN);
      return null;
    }
    if (wasAtWork(one) && (!killed || one.ended() != null)) {
      return blame(one, Math.min(control.offset(), one.size() - 1), control.since(), pool);
    }
    if (one.ended() == null && (killed || !first)) {
      pool.giveBack(one); // it was over another that the worker ended
      return null;
    }
    if (one.size() > 1 || one.strikes() == 0) {
      return one.half();
    }
    return blame(one, 0, System.nanoTime(), pool);
  }

  private boolean wasAtWork(Sent one) {
    return one.number() > 0 && control.running() == one.number() && control.offset() >= 0;
  }

  /// The input at `offset` has failed; those before it were done, but what came of them is lost.
  private @Nullable Sent blame(Sent one, int offset, long since, ProcessPool pool) {
    Failure failure = failure(one);
    if (offset > 0) {
      return one.until(offset, failure, error.worker());
    }
    pool.home(one);
    one.call().done(one.failed(failure, Math.max(0, System.nanoTime() - since), error.worker()));
    return null;
  }

  private Failure failure(Sent one) {
    return one.ended() == Sent.Ended.TIMED_OUT
        ? new Failure(TaskTimedOut.killed(one.call().batch().rules().timeout(), error.worker()))
        : new Failure(error);
  }
}

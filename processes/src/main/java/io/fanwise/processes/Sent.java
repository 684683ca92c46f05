package io.fanwise.processes;

import io.fanwise.spi.Call;
import io.fanwise.work.Batch;
import io.fanwise.work.Failure;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// A call in the hands of a lane. Guarded by the lock of the pool, apart from what never changes.
final class Sent {
  private final Call call;
  private final Lane lane;

  /// What is known to become of the input at this offset; those behind it are not sent.
  private final @Nullable Failure last;

  /// Who was lost over that input.
  private final String lastWorker;

  private final int size;

  /// How often a worker was lost before it began with any of the inputs.
  private final int strikes;

  /// Since when it has been behind another in the hands of its worker; 0 if it is not known to be.
  private long behindSince;

  private boolean takenBack;
  private long number;
  private boolean cancelled;
  private @Nullable Ended ended;
  private volatile @Nullable Future<?> watch;
  private volatile @Nullable Future<?> doom;

  /// Why a worker was killed by us.
  enum Ended {
    CANCELLED,
    TIMED_OUT
  }

  private Sent(
      Call call, Lane lane, int size, @Nullable Failure last, String lastWorker, int strikes) {
    this.call = call;
    this.lane = lane;
    this.size = size;
    this.last = last;
    this.lastWorker = lastWorker;
    this.strikes = strikes;
  }

  /// All of a call.
  static Sent all(Call call, Lane lane) {
    return new Sent(call, lane, call.batch().size(), null, "", 0);
  }

  /// The same again, as far as an input that is known to have failed.
  Sent until(int offset, Failure failure, String worker) {
    return new Sent(call, lane, offset, failure, worker, 0);
  }

  /// Only the first of it; the rest comes back to the run.
  Sent atMost(int inputs) {
    return new Sent(call, lane, Math.min(size, inputs), null, "", strikes);
  }

  /// The first half of it again, and so on, so that it will be known which input it is that a
  /// worker cannot even unpack. The rest comes back to the run.
  Sent half() {
    return new Sent(call, lane, (size + 1) / 2, null, "", strikes + 1);
  }

  Call call() {
    return call;
  }

  /// Its task, as it travels.
  Packed task() {
    return (Packed) call.batch().task();
  }

  Lane lane() {
    return lane;
  }

  int size() {
    return size;
  }

  int strikes() {
    return strikes;
  }

  long number() {
    return number;
  }

  void number(long given) {
    number = given;
  }

  /// It is sent while its worker is busy with another.
  void behind(long now) {
    behindSince = now;
  }

  /// Whoever has it keeps it.
  void kept() {
    behindSince = 0;
  }

  boolean isBehind() {
    return behindSince != 0 && number > 0 && !cancelled && !takenBack;
  }

  long behindSince() {
    return behindSince;
  }

  /// Another lane has it now; what its worker says of it does not matter.
  void takenBack() {
    takenBack = true;
  }

  boolean isTakenBack() {
    return takenBack;
  }

  boolean isCancelled() {
    return cancelled;
  }

  void cancel() {
    cancelled = true;
  }

  @Nullable Ended ended() {
    return ended;
  }

  void ended(Ended why) {
    ended = why;
  }

  /// Somebody looks after it from time to time.
  void watched(Future<?> look) {
    watch = look;
  }

  /// Its worker is killed over it, unless it comes home before.
  void doomed(Future<?> end) {
    doom = end;
  }

  /// It is out of the lane's hands: nobody is to look after it any more.
  void unwatched() {
    Future<?> look = watch;
    if (look != null) {
      look.cancel(false);
    }
    Future<?> end = doom;
    if (end != null) {
      end.cancel(false);
    }
  }

  /// What came of it, with what is known beside.
  Batch.Result with(Batch.Result result) {
    return last == null || result.ran() < size ? result : result.and(last, lastWorker);
  }

  /// What comes of it if its first input has failed, and nothing is known of the others.
  ///
  /// @param nanos how long the worker was at that input
  /// @param worker the name of the worker
  Batch.Result failed(Failure failure, long nanos, String worker) {
    long[] each = call.batch().rules().timed() ? new long[] {nanos} : new long[0];
    return new Batch.Result(new Object[] {failure}, 1, 1, nanos, each, worker);
  }
}

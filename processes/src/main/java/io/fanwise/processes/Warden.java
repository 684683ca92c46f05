package io.fanwise.processes;

import io.fanwise.processes.worker.Control;
import io.fanwise.work.Batch;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// The one thread that kills workers: those that do not stop when they are asked to, and those that
/// do not even notice that a task's time is up. Safe for use by many threads.
final class Warden {
  /// A worker ends an attempt whose time is up by itself; so much later it is taken for stuck.
  private static final long SLACK_NANOS = 1_000_000_000;

  /// So long a worker may unpack the inputs of a batch, or pack its results: gigabytes at the
  /// slowest speed seen take less.
  private static final long ASIDE_NANOS = 10_000_000_000L;

  /// A process writes less than half a gigabyte meanwhile.
  private static final long OFTEN_NANOS = 200_000_000;

  /// Seventy years; two of them and some more can still be added up.
  private static final long FOR_EVER_NANOS = Long.MAX_VALUE / 4;

  private static final ScheduledThreadPoolExecutor TIMER = timer();

  private Warden() {}

  private static ScheduledThreadPoolExecutor timer() {
    var timer =
        new ScheduledThreadPoolExecutor(
            1,
            action -> {
              Thread thread = new Thread(null, action, "fan-processes-warden", 0, false);
              thread.setDaemon(true);
              return thread;
            });
    timer.setKeepAliveTime(1, TimeUnit.SECONDS);
    timer.allowCoreThreadTimeOut(true);
    timer.setRemoveOnCancelPolicy(true); // a batch that is home is not kept until its time is up
    return timer;
  }

  /// A batch was cancelled: it has the usual grace to stop.
  static void killUnlessHome(Lane lane, Sent one) {
    one.doomed(
        later(
            () -> lane.kill(one, Sent.Ended.CANCELLED),
            one.call().batch().rules().grace().toNanos()));
    if (!lane.isOut(one)) {
      one.unwatched();
    }
  }

  /// Something that can wait until everybody is at work.
  static void soon(Runnable action) {
    var _ = later(action, SLACK_NANOS);
  }

  /// A process was told to end.
  static void killAfter(Process process) {
    var _ = later(process::destroyForcibly, SLACK_NANOS);
  }

  /// A process was asked to end: if it has not when its grace is over, it is told to, and killed if
  /// that does not help either.
  static void endAfter(Process process, Duration grace) {
    var _ = later(process::destroy, grace.toNanos());
    var _ = later(process::destroyForcibly, grace.toNanos() + SLACK_NANOS);
  }

  /// A batch was sent: if its attempts have a limit, somebody must see to it.
  static void watch(Lane lane, Sent one) {
    Batch.Rules rules = one.call().batch().rules();
    if (!rules.timeout().isZero()) {
      long limit =
          Math.min(rules.timeout().toNanos(), FOR_EVER_NANOS)
              + Math.min(rules.grace().toNanos(), FOR_EVER_NANOS)
              + SLACK_NANOS;
      new Look(lane, one, limit, System.nanoTime()).in(limit);
      if (!lane.isOut(one)) {
        one.unwatched();
      }
    }
  }

  /// Something is to be done over and over, until it is cancelled.
  static Future<?> often(Runnable look) {
    return TIMER.scheduleWithFixedDelay(look, OFTEN_NANOS, OFTEN_NANOS, TimeUnit.NANOSECONDS);
  }

  private static Future<?> later(Runnable look, long nanos) {
    return TIMER.schedule(look, Math.max(nanos, 1_000_000), TimeUnit.NANOSECONDS);
  }

  /// One look at a batch.
  ///
  /// @param limit how long an attempt may take, with everything
  /// @param idle since when the worker has not been seen at work, or at its initializer
  private record Look(Lane lane, Sent one, long limit, long idle) implements Runnable {
    void in(long nanos) {
      one.watched(later(this, nanos));
    }

    @Override
    public void run() {
      Control control = lane.control();
      if (control == null || !lane.isOut(one)) {
        return;
      }
      long now = System.nanoTime();
      long running = control.running();
      if (running != one.number() || control.offset() < 0) {
        boolean another = !lane.hasWorker() || (running != one.number() && running != 0);
        if (!another && now - idle > limit + ASIDE_NANOS) {
          lane.kill(one, Sent.Ended.TIMED_OUT);
        } else {
          new Look(lane, one, limit, another ? now : idle).in(limit);
        }
        return;
      }
      long left = limit - (now - control.since());
      if (left <= 0) {
        lane.kill(one, Sent.Ended.TIMED_OUT);
      } else {
        new Look(lane, one, limit, now).in(left);
      }
    }
  }
}

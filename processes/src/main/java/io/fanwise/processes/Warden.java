package io.fanwise.processes;

import io.fanwise.processes.worker.Control;
import io.fanwise.work.Batch;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// The one thread that kills workers: those that do not stop when they are asked to, and those that
/// do not even notice that a task's time is up. Safe for use by many threads.
final class Warden {
  /// A worker ends an attempt whose time is up by itself; so much later it is taken for stuck.
  private static final long SLACK_NANOS = 1_000_000_000;

  /// A batch that a worker has been sent, and that is no longer behind another, begins after this
  /// at the latest.
  private static final long BEGIN_NANOS = 10_000_000_000L;

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
    return timer;
  }

  /// A batch was cancelled: it has the usual grace to stop.
  static void killUnlessHome(Lane lane, Sent one) {
    later(() -> lane.kill(one, Sent.Ended.CANCELLED), one.call().batch().rules().grace().toNanos());
  }

  /// A process was told to end.
  static void killAfter(Process process) {
    later(process::destroyForcibly, SLACK_NANOS);
  }

  /// A process was asked to end: if it has not when its grace is over, it is told to, and killed if
  /// that does not help either.
  static void endAfter(Process process, Duration grace) {
    later(process::destroy, grace.toNanos());
    later(process::destroyForcibly, grace.toNanos() + SLACK_NANOS);
  }

  /// A batch was sent: if its attempts have a limit, somebody must see to it.
  static void watch(Lane lane, Sent one) {
    Batch.Rules rules = one.call().batch().rules();
    if (!rules.timeout().isZero()) {
      long limit = rules.timeout().toNanos() + rules.grace().toNanos() + SLACK_NANOS;
      later(new Look(lane, one, limit, System.nanoTime()), limit);
    }
  }

  private static void later(Runnable look, long nanos) {
    var _ = TIMER.schedule(look, Math.max(nanos, 1_000_000), TimeUnit.NANOSECONDS);
  }

  /// One look at a batch.
  ///
  /// @param limit how long an attempt may take, with everything
  /// @param idle since when the worker has not been seen at work
  private record Look(Lane lane, Sent one, long limit, long idle) implements Runnable {
    @Override
    public void run() {
      Control control = lane.control();
      if (control == null || !lane.isOut(one)) {
        return;
      }
      long now = System.nanoTime();
      long running = control.running();
      if (running != one.number()) {
        boolean stuck = running == 0 && now - idle > limit + BEGIN_NANOS;
        if (stuck) {
          lane.kill(one, Sent.Ended.TIMED_OUT);
        } else {
          later(new Look(lane, one, limit, running == 0 ? idle : now), limit);
        }
        return;
      }
      long left = limit - (now - control.since());
      if (left <= 0) {
        lane.kill(one, Sent.Ended.TIMED_OUT);
      } else {
        later(new Look(lane, one, limit, now), left);
      }
    }
  }
}

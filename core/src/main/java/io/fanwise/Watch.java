package io.fanwise;

import io.fanwise.work.Batch;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Consumer;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/// Counts what a run has done, and tells whoever listens. Confined to the caller's thread.
final class Watch {
  private static final long TICK_NANOS = 200_000_000;

  /// The rate shown forgets what is older than a few of these.
  private static final double MEMORY_NANOS = 3e9;

  private final @Nullable Consumer<? super Progress> listener;
  private final Source source;
  private final long begun = System.nanoTime();
  private final @Nullable RunEvent event;
  private long ticked = begun;
  private long ran;
  private long failures;
  private long retries;
  private long pushedBack;
  private long finishedAtTick;
  private double rate;

  Watch(@Nullable Consumer<? super Progress> listener, Source source) {
    this.listener = listener;
    this.source = source;
    // without a recording nobody waits until Flight Recorder is set up
    event = FlightRecorder.isInitialized() ? new RunEvent() : null;
    if (event != null) {
      event.begin();
    }
  }

  void ran(Dispatch dispatch, Batch.Result result) {
    ran += result.ran() - result.failed();
    if (event != null || FlightRecorder.isInitialized()) {
      BatchEvent.record(dispatch, result);
    }
  }

  void done(int inputs) {
    ran += inputs;
  }

  /// How many inputs have a result.
  long done() {
    return ran;
  }

  void retried() {
    retries++;
  }

  void pushedBack() {
    pushedBack++;
  }

  void failed() {
    failures++;
  }

  /// Nanoseconds until somebody wants to know.
  long untilTick(long now) {
    return listener == null ? Long.MAX_VALUE : Math.max(0, ticked + TICK_NANOS - now);
  }

  /// Tells the listener, if it is time to.
  void tick(Run run, boolean last) {
    if (listener == null) {
      return;
    }
    long now = System.nanoTime();
    if (!last && now - ticked < TICK_NANOS) {
      return;
    }
    measure(now);
    try {
      listener.accept(progress(run, now, last));
    } catch (RuntimeException e) {
      System.getLogger("io.fanwise") // not before there is something to say: finding it takes long
          .log(System.Logger.Level.WARNING, "the progress listener threw; the run goes on", e);
    }
  }

  private void measure(long now) {
    long finished = ran + failures;
    double lately = (finished - finishedAtTick) * 1e9 / Math.max(1, now - ticked);
    double weight = ticked == begun ? 1 : 1 - Math.exp(-(now - ticked) / MEMORY_NANOS);
    rate += weight * (lately - rate);
    finishedAtTick = finished;
    ticked = now;
  }

  private Progress progress(Run run, long now, boolean last) {
    long total = source.size();
    return new Progress(
        ran,
        failures,
        retries,
        pushedBack,
        run.agenda().waitingRetries(),
        total < 0 ? OptionalLong.empty() : OptionalLong.of(total),
        Duration.ofNanos(now - begun),
        last ? (ran + failures) * 1e9 / Math.max(1, now - begun) : rate,
        run.flight().busy(now),
        run.agenda().taskNanos(),
        run.agenda().jobs(),
        last);
  }

  void end(@Nullable Throwable error) {
    if (event == null) {
      return;
    }
    event.end();
    if (event.shouldCommit()) {
      event.done = ran;
      event.failed = failures;
      event.retried = retries;
      event.error = error == null ? "" : error.toString();
      event.commit();
    }
  }
}

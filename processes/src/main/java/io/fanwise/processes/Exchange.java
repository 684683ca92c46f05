package io.fanwise.processes;

import io.fanwise.processes.worker.Control;
import io.fanwise.work.Failure;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// What passes between a lane and its worker, and what is done when that goes wrong: a worker that
/// is lost is followed by another. Confined to the lane's thread, apart from [#stint].
final class Exchange {
  private final ProcessPool pool;
  private final Lane lane;
  private final Runnable beforeLarge = new EmptyHands();

  /// What is to be tried again, by the next worker.
  private final Queue<Sent> again = new ArrayDeque<>();

  // NONE ──▶ a stint ──▶ NONE      retireIfWornOut(): worn out; another starts when there is work
  //               ├────▶ NONE      replace(): not to be trusted; what it had goes back to the queue
  //               ├────▶ NONE      lost(): gone; what it had is settled
  //               └────▶ the end   dismiss(): no work for long, or the pool is closed
  private volatile @Nullable Stint stint;

  private boolean hopeless;
  private long sent;
  private long lasted = Long.MAX_VALUE;

  Exchange(ProcessPool pool, Lane lane) {
    this.pool = pool;
    this.lane = lane;
  }

  /// The worker's time that runs, as any thread may see it; null if there is none.
  @Nullable Stint stint() {
    return stint;
  }

  /// How long the last batch has taken.
  ///
  /// @return nanoseconds; [Long#MAX_VALUE] before the first
  long lasted() {
    return lasted;
  }

  /// Whether no worker can be had.
  boolean isHopeless() {
    return hopeless;
  }

  boolean isIdle() {
    Stint present = stint;
    return present == null || present.size() == 0;
  }

  /// Whether the worker may get a batch beside the one that it has.
  boolean mayHaveAnother() {
    Stint present = stint;
    return again.isEmpty()
        && (present == null || (present.size() < Control.OUTSTANDING && !present.isWornOut()));
  }

  /// What is to be tried again before anything else; null if nothing is.
  @Nullable Sent again() {
    return again.poll();
  }

  /// Takes everything out of the lane's hands.
  List<Sent> takeAll() {
    Stint present = stint;
    List<Sent> all = new ArrayList<>(present == null ? List.of() : present.takeAll());
    all.addAll(again);
    return all;
  }

  // ---- there

  /// Sends a batch; to a new worker, if there is none.
  void send(Sent next) {
    Stint to = null;
    try {
      Stint present = atWork();
      if (!pool.sending(next, sent + 1)) {
        pool.home(next);
        next.call().cancel();
        return;
      }
      sent++;
      to = present;
      to.takes(next);
      to.send(next);
      next.call().begun(to.glimpse(next));
      Warden.watch(lane, next);
    } catch (IOException e) {
      if (isInHand(next, to)) {
        lost(next, e);
      }
    } catch (RuntimeException | Error e) {
      if (isInHand(next, to)) {
        failed(next, e);
      }
    }
  }

  /// Whether it was not begun with, or nobody has done anything about it meanwhile.
  private static boolean isInHand(Sent next, @Nullable Stint to) {
    return to == null || to.has(next);
  }

  private Stint atWork() throws IOException {
    Stint present = stint;
    if (present != null && !present.endedIdly()) {
      return present;
    }
    if (present != null) {
      present.end();
      stint = null;
    }
    Stint started = Stint.start(pool);
    stint = started;
    started.connect(beforeLarge);
    return started;
  }

  /// Before more is sent than fits between here and there: the worker may be sending as well, and
  /// would wait for us as we for it.
  private final class EmptyHands implements Runnable {
    @Override
    public void run() {
      Stint present = stint;
      while (present != null && present.size() > 1) {
        receive(); // if the worker is lost over it, its line is closed, and sending fails as well
      }
    }
  }

  // ---- and back

  /// Waits for what the worker says next.
  void receive() {
    Stint from = Objects.requireNonNull(stint);
    Sent first = Objects.requireNonNull(from.oldest());
    try {
      receiveOne(from);
    } catch (IOException e) {
      lost(null, e);
    } catch (RuntimeException | Error e) {
      failed(first, e);
    }
  }

  private void receiveOne(Stint from) throws IOException {
    switch (from.receive()) {
      case NEWS -> {}
      case RESULT -> lasted = from.lasted();
      case LAST -> {
        lasted = from.lasted();
        replace();
      }
    }
  }

  /// The worker is not to be trusted with anything more: what waits for it goes to others.
  private void replace() {
    Stint present = stint;
    if (present != null) {
      present.worker().kill();
      present.end();
      stint = null;
      present.takeAll().forEach(pool::giveBack);
    }
  }

  /// Something here went wrong over a batch; what the worker has of it is unknown.
  private void failed(Sent over, Throwable error) {
    Stint present = stint;
    String worker = present == null ? "" : present.name();
    if (present != null) {
      present.answered(over);
    }
    if (pool.keep(over)) {
      pool.home(over);
      over.call().done(over.failed(new Failure(error), 0, worker));
    }
    replace();
  }

  // ---- the worker's end

  /// The worker is gone.
  ///
  /// @param unsent what was being sent when that turned out; null if nothing was
  private void lost(@Nullable Sent unsent, IOException noticed) {
    Stint gone = stint;
    if (gone == null) {
      String text = "a worker JVM cannot be started: " + noticed.getMessage();
      startFailed(
          List.of(Objects.requireNonNull(unsent)), new IllegalStateException(text, noticed));
      return;
    }
    IOException how = unsent == null ? noticed : lastHeard(gone, noticed);
    if (stint == null) {
      return; // what it said was worse
    }
    Loss loss = Loss.of(gone, how);
    gone.end();
    stint = null;
    List<Sent> all = new ArrayList<>(gone.takeAll());
    if (unsent != null && !all.contains(unsent)) {
      all.add(unsent);
    }
    RuntimeException notStarted = loss.notStarted();
    if (notStarted == null) {
      loss.settle(all, pool, again);
    } else {
      startFailed(all, notStarted);
    }
  }

  /// What a worker has sent before its end is still there to be read when nothing can be sent to it
  /// any more.
  ///
  /// @return how it ended
  private IOException lastHeard(Stint gone, IOException noticed) {
    if (gone.isStarting()) {
      return gone.whyItCouldNotBegin(noticed);
    }
    takeInTheRest(gone);
    return noticed;
  }

  private void takeInTheRest(Stint gone) {
    while (gone.size() > 1) {
      Sent first = Objects.requireNonNull(gone.oldest());
      try {
        receiveOne(gone);
      } catch (IOException e) {
        return;
      } catch (RuntimeException | Error e) {
        failed(first, e);
      }
    }
  }

  private void startFailed(List<Sent> all, RuntimeException error) {
    hopeless = true;
    List<Sent> had = new ArrayList<>(all);
    had.addAll(again);
    again.clear();
    had.subList(1, had.size()).forEach(pool::giveBack);
    pool.cannotStart(lane, had.getFirst(), error);
  }

  // ---- the end of its time

  /// If the worker is worn out and has nothing to do, another takes its place; nobody waits for its
  /// end.
  void retireIfWornOut() {
    Stint present = stint;
    if (present != null && present.size() == 0 && present.isWornOut()) {
      stint = null;
      present.leave().dismissedLater();
    }
  }

  /// The lane is not needed any more: the worker may go.
  void dismiss() {
    Stint present = stint;
    if (present != null) {
      stint = null;
      present.leave().dismissed();
    }
  }
}

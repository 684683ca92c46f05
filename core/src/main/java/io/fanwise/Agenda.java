package io.fanwise;

import io.fanwise.spi.Workers;
import io.fanwise.work.Batch;
import io.fanwise.work.Failure;
import io.fanwise.work.Inputs;
import io.fanwise.work.PushedBack;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What is still to be handed to the workers: first the inputs that are to be tried again, then
/// those that have not been read. It decides how many go together, how many calls there may be, how
/// far ahead is read, and how fast.
///
/// Confined to the caller's thread, but for [#reading].
final class Agenda {
  /// How many inputs per job may be finished and wait for one that is slow: with 1 % of tasks a
  /// hundred times slower than the rest, workers do not idle from here on (adr/0002).
  private static final int WINDOW_PER_JOB = 100;

  /// The window must hold several batches per worker, however large they have become.
  private static final int WINDOW_BATCHES = 8;

  /// A source that takes longer to read once makes the consumer wait for results that are there.
  private static final long SLOW_NANOS = 1_000_000;

  private final Source source;
  private final Lineup lineup;
  private final Workers workers;
  private final BatchSizer sizer;
  private final long begun = System.nanoTime();
  private final Retry retry;
  private final @Nullable Breaker breaker;
  private final @Nullable Climb climb;
  private final @Nullable Turnstiles turnstiles;
  private final long window;

  private final Queue<Entry> again = new ArrayDeque<>();
  private final PriorityQueue<Entry> later = new PriorityQueue<>();
  private @Nullable Permits permits;
  private volatile boolean reading;
  private boolean slow;
  private long read;
  private long handedOn;

  /// How many inputs are with the workers or have been, further attempts included.
  private long handedOut;

  /// Inputs that belong together: where they stand, and how often they have been tried before.
  ///
  /// @param due not before this, by [System#nanoTime]
  record Entry(Slot slot, int offset, Inputs inputs, int attempt, long due)
      implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      return Long.signum(due - other.due);
    }
  }

  /// @param unbounded whether all results are kept anyway, so that the order needs no window
  /// @param unpacking what rates are asked about of an input
  Agenda(
      Recipe recipe,
      Workers workers,
      Source source,
      Lineup lineup,
      boolean unbounded,
      Function<Object, Optional<Object>> unpacking) {
    List<Rate> rates = recipe.rates();
    boolean oneByOne = !rates.stream().allMatch(Rate::plain);
    this.source = source;
    this.lineup = lineup;
    this.workers = workers;
    int batch = oneByOne || (recipe.batch() == 0 && !rates.isEmpty()) ? 1 : recipe.batch();
    int most = unbounded ? BatchSizer.MOST : BatchSizer.MOST_STREAMED;
    this.sizer = new BatchSizer(batch, workers.handOver().toNanos(), most);
    this.retry = recipe.retry();
    this.breaker = recipe.breaks() ? new Breaker(begun) : null;
    boolean free = breaker == null && (oneByOne || rates.isEmpty());
    this.permits = free ? null : new Permits(oneByOne ? List.of() : rates, breaker, begun);
    this.turnstiles = oneByOne ? new Turnstiles(rates, unpacking) : null;
    this.climb =
        recipe.adaptive() == 0 ? null : new Climb(recipe.adaptive(), workers.jobs(), begun);
    this.window = unbounded && recipe.window() == 0 ? Long.MAX_VALUE : recipe.window();
  }

  /// What is to be done next; null if there is nothing, or no room or no permit for it.
  ///
  /// @param busy whether every worker has something to do, so that it is worth waiting for a full
  ///   batch
  @Nullable Entry next(boolean busy) {
    boolean timeless = permits == null && turnstiles == null && later.isEmpty();
    long now = timeless ? 0 : System.nanoTime();
    while (!later.isEmpty() && later.element().due() - now <= 0) {
      again.add(later.remove());
    }
    return turnstiles == null ? first(busy, now) : through(turnstiles, busy, now);
  }

  private @Nullable Entry first(boolean busy, long now) {
    Entry first = again.peek();
    if (first == null) {
      return readOn(now, busy);
    }
    if (permits != null && !permits.grants(first.inputs().size(), now)) {
      return null;
    }
    return again.remove();
  }

  /// The first that gets through the turnstiles: whose turn has come there, or else who gets by.
  private @Nullable Entry through(Turnstiles stiles, boolean busy, long now) {
    Permits pace = permits;
    if (pace != null && pace.available(now) < 1) {
      return null;
    }
    permits = null; // who comes to a turnstile has not begun
    try {
      Entry entry = stiles.next(now);
      while (entry == null) {
        boolean more = !again.isEmpty() || !stiles.full();
        Entry comes = more ? first(busy, now) : null;
        if (comes == null) {
          return null;
        }
        entry = stiles.passes(comes, now) ? comes : null;
      }
      if (pace != null) {
        pace.grants(1, now);
      }
      return entry;
    } finally {
      permits = pace;
    }
  }

  private @Nullable Entry readOn(long now, boolean busy) {
    long room = room();
    if (room <= 0 || source.exhausted()) {
      return null;
    }
    long left = source.size() < 0 ? -1 : source.size() - read;
    int most = (int) Math.min(sizer.next(left, jobs()), room);
    if (busy && !source.holds(most)) {
      return null;
    }
    if (permits != null) {
      most = Math.min(most, Math.max(1, permits.available(now)));
      if (!permits.grants(most, now)) {
        return null;
      }
    }
    Inputs inputs = read(most);
    int count = inputs == null ? 0 : inputs.size();
    if (permits != null) {
      permits.giveBack(most - count);
    }
    if (inputs == null) {
      return null;
    }
    Slot slot = new Slot(read, count, System.nanoTime());
    lineup.join(slot);
    read += count;
    return new Entry(slot, 0, inputs, 1, 0);
  }

  private @Nullable Inputs read(int most) {
    long begun = System.nanoTime();
    reading = true;
    try {
      return source.take(most);
    } finally {
      reading = false;
      slow = System.nanoTime() - begun > SLOW_NANOS;
    }
  }

  /// How many inputs may be read before the window is full.
  private long room() {
    long most =
        window > 0
            ? window
            : Math.max(
                (long) WINDOW_PER_JOB * jobs(), (long) WINDOW_BATCHES * jobs() * sizer.size());
    return most - (read - handedOn);
  }

  /// Puts inputs back that were not run.
  void again(Slot slot, int offset, Inputs inputs, int attempt) {
    again.add(new Entry(slot, offset, inputs, attempt, 0));
  }

  /// Learns that the service does not want to be called so fast.
  void pushedBack(Dispatch dispatch, long now) {
    Permits known = permits;
    if (known == null) {
      known = new Permits(List.of(), null, now);
      permits = known;
    }
    known.pace(handedOut, now - begun, now).pushedBack(1, since(dispatch), now);
  }

  /// When a call was handed to the workers: long ago, if that was not noted.
  private long since(Dispatch dispatch) {
    return dispatch.since() == 0 ? begun : dispatch.since();
  }

  /// Puts an input back that failed.
  void later(Slot slot, int offset, Object input, int attempt, long due) {
    later.add(new Entry(slot, offset, Inputs.of(input), attempt, due));
  }

  /// The consumer is done with so many results.
  void handedOn(int results) {
    handedOn += results;
  }

  /// How many calls may be at work at the same time, at present.
  int jobs() {
    return climb == null ? workers.jobs() : climb.limit();
  }

  /// A call is about to be handed to the workers.
  void begins(Dispatch dispatch) {
    handedOut += dispatch.batch().size();
    if (climb != null) {
      climb.began(dispatch.begins());
    } else if (permits != null) {
      dispatch.begins();
    }
  }

  /// Learns from a call that is back.
  ///
  /// @return whether it was to find out if the service is up again
  boolean ran(Dispatch dispatch, Batch.Result result) {
    sizer.ran(result.ran(), result.nanos());
    int done = result.ran() - result.failed();
    Pace pace = permits == null ? null : permits.pace();
    if (pace != null) {
      pace.letIn(done, since(dispatch));
    }
    if (climb != null) {
      climb.ended(dispatch.since(), dispatch.back(), done, System.nanoTime());
    }
    return breaker != null
        && breaker.back(result.ran(), worthRetrying(result), since(dispatch), System.nanoTime());
  }

  private int worthRetrying(Batch.Result result) {
    int count = 0;
    for (int i = 0; i < result.ran() && result.failed() > 0; i++) {
      if (result.results()[i] instanceof Failure failure && worthRetrying(failure.error())) {
        count++;
      }
    }
    return count;
  }

  private boolean worthRetrying(Throwable error) {
    return !(error instanceof PushedBack) && retry.on().include(error);
  }

  /// Whether nothing is left to do, now or later.
  boolean isEmpty() {
    boolean noneWaits = turnstiles == null || turnstiles.isEmpty();
    return noneWaits && source.exhausted() && again.isEmpty() && later.isEmpty();
  }

  /// Nanoseconds until there may be something to do that there is not now, whatever workers do.
  long untilMore() {
    long now = System.nanoTime();
    Entry first = later.peek();
    long due = first == null ? Long.MAX_VALUE : Math.max(0, first.due() - now);
    long more = source.exhausted() || room() <= 0 ? Long.MAX_VALUE : source.untilMore();
    if (turnstiles != null) {
      return Math.min(due, untilThrough(turnstiles, more, now));
    }
    if (more > 0) {
      due = Math.min(due, more);
    }
    boolean waits = !again.isEmpty() || due == 0 || more == 0;
    if (permits == null || !waits) {
      return due;
    }
    int wanted = again.isEmpty() ? 1 : again.element().inputs().size();
    return Math.min(due, permits.untilGranted(wanted, now));
  }

  private long untilThrough(Turnstiles stiles, long more, long now) {
    long comes = !again.isEmpty() ? 0 : stiles.full() ? Long.MAX_VALUE : more;
    long turn = comes == 0 ? 0 : Math.min(comes, stiles.untilNext(now));
    return permits == null ? turn : Math.max(turn, permits.untilGranted(1, now));
  }

  /// How many calls may wait beside those at work: none under a rate, since what is granted now is
  /// to be started now, none where it is measured how long a call takes, and none while batches
  /// grow.
  int prefetch() {
    boolean unlimited = permits == null && turnstiles == null && climb == null;
    return unlimited && !sizer.growing() ? workers.prefetch() : 0;
  }

  /// How many inputs the next batch may have.
  int appetite() {
    return Math.clamp(room(), 0, sizer.size());
  }

  /// The mean time of a task, in nanoseconds.
  double taskNanos() {
    return sizer.perItem();
  }

  int waitingRetries() {
    return later.size();
  }

  /// Whether reading on means to wait, so that what has finished is to be handed on first.
  boolean slowSource() {
    return slow;
  }

  /// Whether the source is being read right now, as far as another thread can see.
  boolean reading() {
    return reading;
  }

  /// Strikes out everything.
  void close() {
    again.clear();
    later.clear();
    if (turnstiles != null) {
      turnstiles.clear();
    }
    source.close();
  }
}

package io.fanwise;

/// How many calls to have in flight: as many as pay. Times in, a limit out; no clock.
///
/// It goes by goodput, not by latency: in rounds, each long enough to know how long a call takes at
/// the present limit, and so how many inputs a second that makes. While twice the calls make
/// clearly more, it doubles them; then it falls back to the knee, which is the best goodput times
/// what a call took before calls got into each other's way. From there on it watches, and probes
/// now and then a little more and a little less (adr/0015).
///
/// Confined to the caller's thread.
final class Climb {
  // CLIMBING ──▶ WATCHING ◀──▶ PROBING      (from CLIMBING to DESCENDING, if the start was too
  // much)
  //     └──▶ DESCENDING ──▶ WATCHING
  private enum State {
    CLIMBING,
    DESCENDING,
    WATCHING,
    PROBING
  }

  /// Few enough for anybody, enough to learn from in a second: adr/0015.
  static final int START = 20;

  /// While the limit is watched, a round begins calls for at least so long.
  private static final long WATCHED_NANOS = 300_000_000;

  /// How well the mean duration is to be known, as a share of it.
  private static final double ROUGHLY = 0.08;

  private static final double WELL = 0.025;

  /// Of what more calls would make if none was in another's way, so much must come of it.
  private static final double WORTH_MORE = 0.33;

  /// Below this, they do get into each other's way.
  private static final double NEARLY_ALL = 0.85;

  /// Of what fewer calls would lose if none was in another's way, not more may be lost.
  private static final double WORTH_LESS = 0.3;

  /// A probe has so many calls more, or less; what pays is squared for the next one.
  private static final double MORE = 1.15;

  private static final double LESS = 0.9;
  private static final double MOST_MORE = 2;

  /// Half the calls may cost a tenth while it goes down.
  private static final double KEPT = 0.9;

  /// How far above the knee it settles, so that an estimate too low costs nothing.
  private static final double ABOVE = 1.05;

  /// So many rounds from probe to probe.
  private static final int ROUNDS = 3;

  /// A call that takes this many times as long as it did, or as short, is a reason to probe at
  /// once.
  private static final double CHANGED = 1.3;

  /// A round in which less of the limit was used tells nothing.
  private static final double USED = 0.8;

  private final int least;
  private final int most;
  private final Round round = new Round();
  private State state = State.CLIMBING;
  private int limit;

  /// The limit before the present one, to go back to, and what it made; 0 if there was none.
  private int before;

  private double goodputBefore;
  private double bestGoodput;

  /// How long a call takes when none is in another's way, in nanoseconds, as far as known.
  private double alone = Double.MAX_VALUE;

  /// What the next probe multiplies the limit by.
  private double factor;

  private int rounds;
  private boolean upNext = true;

  /// @param least the lower bound, at least 1
  /// @param most the upper bound, not below the lower one
  /// @param now when it begins, in nanoseconds
  Climb(int least, int most, long now) {
    this.least = Math.min(least, most);
    this.most = most;
    this.limit = Math.clamp(START, this.least, most);
    begin(now);
  }

  private void begin(long now) {
    boolean looking = state == State.CLIMBING || state == State.DESCENDING;
    round.begin(limit, looking ? ROUGHLY : WELL, looking ? 0 : WATCHED_NANOS, now);
  }

  /// How many calls may be in flight at present.
  int limit() {
    return limit;
  }

  /// A call has been handed to the workers.
  void began(long now) {
    round.began(now);
  }

  /// A call is back.
  ///
  /// @param begun when it was handed to the workers
  /// @param back when it came back, which may be long before anybody cared
  /// @param done how many of its inputs were done: those that failed are no gain
  void ended(long begun, long back, int done, long now) {
    round.ended(begun, back, done, now);
    if (round.over()) {
      learn(now);
      begin(now);
    }
  }

  private void learn(long now) {
    double used = round.inFlight(now);
    if (used < USED * limit || round.done() == 0) {
      return;
    }
    double goodput = round.goodput(Math.min(used, limit));
    double duration = round.nanos();
    switch (state) {
      case CLIMBING -> climb(goodput, duration);
      case DESCENDING -> descend(goodput, duration);
      case WATCHING -> watch(goodput, duration);
      case PROBING -> probed(goodput, duration);
    }
  }

  private void climb(double goodput, double duration) {
    if (before == 0 || pays(goodput)) {
      bestGoodput = goodput;
      alone = Math.min(alone, duration);
      if (limit == most) {
        settle(most);
      } else {
        move(limit * MOST_MORE, goodput);
      }
    } else if (before == Math.clamp(START, least, most)) {
      limit = before; // the very first step was too far: so the start may have been
      bestGoodput = 0;
      state = State.DESCENDING;
    } else {
      bestGoodput = Math.max(bestGoodput, goodput);
      settle(knee());
    }
  }

  private void descend(double goodput, double duration) {
    alone = duration;
    boolean kept = goodput >= KEPT * bestGoodput;
    bestGoodput = Math.max(bestGoodput, goodput);
    if (kept && limit > least) {
      move(limit / 2.0, goodput);
    } else {
      settle(kept ? limit : knee());
    }
  }

  /// Where calls begin to get into each other's way.
  private int knee() {
    int highest = state == State.DESCENDING ? before : limit;
    return (int) Math.clamp(Math.ceil(ABOVE * bestGoodput * alone), least, highest);
  }

  private void settle(int at) {
    limit = at;
    state = State.WATCHING;
    rounds = 0;
  }

  private void watch(double goodput, double duration) {
    rounds++;
    goodputBefore += (goodput - goodputBefore) / rounds;
    double ratio = duration / (ABOVE * alone);
    if (ratio > CHANGED && limit > least) {
      goodputBefore = goodput;
      probe(1 / ratio);
    } else if (ratio < 1 / CHANGED) {
      alone = duration;
      goodputBefore = goodput;
      probe(MORE);
    } else if (rounds >= ROUNDS) {
      probe(upNext ? MORE : LESS);
      upNext = !upNext;
    }
  }

  private void probe(double by) {
    factor = by;
    move(limit * by, goodputBefore);
    state = limit == before ? State.WATCHING : State.PROBING;
  }

  private void probed(double goodput, double duration) {
    double gain = goodput / goodputBefore;
    double step = (double) limit / before;
    if (!pays(goodput)) {
      goBack(duration);
    } else if (step < 1 || limit == most) {
      settle(limit);
    } else if (gain < NEARLY_ALL * step) {
      settle((int) Math.clamp(Math.ceil(ABOVE * gain * before), before, limit));
    } else {
      goodputBefore = goodput;
      probe(Math.min(factor * factor, MOST_MORE));
    }
  }

  private void goBack(double duration) {
    if (limit < before) {
      alone = duration; // fewer calls made so much less that none was in another's way
    }
    settle(before);
    double smaller = Math.sqrt(factor);
    if (smaller >= MORE) {
      probe(smaller);
    }
  }

  /// Tries another limit, to be compared with the present one.
  private void move(double to, double goodput) {
    before = limit;
    goodputBefore = goodput;
    limit = (int) Math.clamp(to > limit ? Math.ceil(to) : Math.floor(to), least, most);
  }

  /// Whether the present limit is better than the one before.
  private boolean pays(double goodput) {
    double step = (double) limit / before - 1;
    double gain = goodput / goodputBefore - 1;
    return gain >= (step > 0 ? WORTH_MORE : WORTH_LESS) * step;
  }
}

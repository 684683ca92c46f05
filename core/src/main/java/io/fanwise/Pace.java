package io.fanwise;

/// How fast a service lets itself be called, learnt from what it pushes back. Times in, permits
/// out; no clock.
///
/// When the first call is pushed back, the pace is a little less than what was let in lately. From
/// there it grows until calls are pushed back again: slowly near the pace at which that was so
/// before, the more slowly the surer that is, and fast beyond it. While most calls are pushed back,
/// none is begun for a while (adr/0015).
///
/// Confined to the caller's thread.
final class Pace {
  /// Over such stretches of time it is counted, and at their end the pace grows.
  private static final long STEP_NANOS = 500_000_000;

  /// A run that has just begun is taken to have lasted so long.
  private static final double SHORTEST_NANOS = 1e8;

  /// A step has at least so many attempts.
  private static final int FEWEST = 5;

  /// What was let in is followed at this distance, but not further down at once than that.
  private static final double BELOW = 0.98;

  private static final double MOST_FALL = 0.6;

  /// By how much it grows after a step without push-back, doubled after the next: while no ceiling
  /// is known, when one is, near one that is sure at most, and elsewhere at most.
  private static final double UNBOUND_GROWTH = 1;

  private static final double FIRST_GROWTH = 0.1;
  private static final double LEAST_GROWTH = 0.001;
  private static final double CAREFUL_GROWTH = 0.01;
  private static final double MOST_GROWTH = 0.25;

  /// Two paces that differ less than this are the same.
  private static final double SAME = 0.05;

  /// The pause while most calls are pushed back, doubled each time.
  private static final long FIRST_PAUSE_NANOS = 50_000_000;

  private static final long LONGEST_PAUSE_NANOS = 1_000_000_000;

  /// Most calls are pushed back, if it is so many of the last few.
  private static final double MOST_OF_THEM = 0.5;

  /// The same while there is no pace: then every moment costs many calls.
  private static final double SOME_OF_THEM = 0.3;

  private static final double FEW = 0.1;

  /// So many permits may be saved up, in nanoseconds of the pace.
  private static final double BURST_NANOS = 20e6;

  /// A share of calls pushed back that is nobody's fault.
  private static final double TOLERATED = 0.005;

  private static final double SLOWEST = 0.1e-9;

  /// Permits per nanosecond, how many are there, and when that was.
  private double pace = Double.MAX_VALUE;

  private double tokens;
  private long filled;

  /// What was begun and pushed back in this step, and was let in per nanosecond in the last one.
  private long stepBegan;

  private long begun;
  private long pushedBack;
  private double letIn;

  /// Whether somebody had to wait for a permit in this step.
  private boolean waited;

  /// Where calls were pushed back last, how it grows from step to step, and grew at first.
  private double ceiling;

  private boolean sure;
  private double growth;
  private double mostGrowth;
  private double firstGrowth = FIRST_GROWTH;

  private long pausedAt;
  private long pausedUntil;
  private long pause = FIRST_PAUSE_NANOS;
  private double recent = FEW;

  /// @param before how many attempts the run has begun so far
  /// @param nanos for how long it has been running
  Pace(long before, long nanos, long now) {
    letIn = before / Math.max((double) nanos, SHORTEST_NANOS);
    growth = nanos < STEP_NANOS ? UNBOUND_GROWTH : FIRST_GROWTH;
    mostGrowth = growth;
    stepBegan = now;
    filled = now;
    pausedAt = now;
    pausedUntil = now;
  }

  /// Permits that are there.
  int available(long now) {
    fill(now);
    return now - pausedUntil < 0 ? 0 : (int) Math.min(tokens, Integer.MAX_VALUE);
  }

  /// Takes so many permits, if they are there: as many as can be saved up will do.
  boolean grants(int attempts, long now) {
    fill(now);
    if (now - pausedUntil < 0) {
      return false;
    }
    if (tokens < Math.min(attempts, most())) {
      waited = true;
      return false;
    }
    tokens -= attempts;
    begun += attempts;
    return true;
  }

  /// Puts permits back that were not used.
  void giveBack(int attempts) {
    tokens += attempts;
    begun -= attempts;
  }

  /// Nanoseconds until so many are granted.
  long untilGranted(int attempts, long now) {
    fill(now);
    double missing = Math.max(0, Math.min(attempts, most()) - tokens);
    return Math.max(pausedUntil - now, (long) Math.ceil(missing / pace));
  }

  /// Permits per second.
  double perSecond() {
    return pace * 1e9;
  }

  /// Attempts came back that were let in.
  void letIn(int attempts, long since) {
    recent *= Math.pow(1 - FEW, attempts);
    if (since - pausedUntil >= 0) {
      pause = FIRST_PAUSE_NANOS;
    }
  }

  /// Attempts were pushed back.
  ///
  /// @param since when they were begun
  void pushedBack(int attempts, long since, long now) {
    fill(now);
    recent = 1 - (1 - recent) * Math.pow(1 - FEW, attempts);
    if (since - stepBegan >= 0) {
      pushedBack += attempts;
    }
    boolean unlimited = pace == Double.MAX_VALUE;
    if (since - pausedAt < 0 || recent <= (unlimited ? SOME_OF_THEM : MOST_OF_THEM)) {
      return; // begun before the last pause, so that it was known then, or not so bad
    }
    if (unlimited) {
      pace = BELOW * letIn;
      tokens = 0;
      begin(now);
    }
    pausedAt = now;
    pausedUntil = now + pause;
    pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
  }

  private void fall(double lately) {
    if (pace == Double.MAX_VALUE) {
      pace = lately;
    }
    mostGrowth = MOST_GROWTH;
    double fast = Math.min(pace, lately);
    sure = Math.abs(fast / ceiling - 1) < SAME;
    firstGrowth = sure ? Math.max(LEAST_GROWTH, firstGrowth / 2) : FIRST_GROWTH;
    growth = firstGrowth;
    ceiling = fast;
    pace = Math.max(SLOWEST, Math.max(BELOW * fast, MOST_FALL * pace));
    tokens = Math.min(tokens, 1);
  }

  private double most() {
    return Math.max(1, pace * BURST_NANOS);
  }

  private void fill(long now) {
    long nanos = now - stepBegan;
    if (nanos >= STEP_NANOS && nanos * pace >= FEWEST) {
      step(nanos, now);
    }
    if (now - pausedUntil >= 0) {
      tokens = Math.min(most(), tokens + Math.max(0, now - filled) * pace);
    }
    filled = now;
  }

  /// If calls were pushed back in a step, it falls; if none was and somebody waited, it grows.
  private void step(long nanos, long now) {
    double lately = (double) Math.max(0, begun - pushedBack) / nanos;
    double luck = 2 * Math.sqrt(TOLERATED * begun);
    if (pushedBack > TOLERATED * begun + luck) {
      fall(Math.max(lately, letIn));
    } else {
      if (waited) {
        boolean careful = sure && Math.abs(pace / ceiling - 1) < SAME;
        growth = Math.min(growth, careful ? CAREFUL_GROWTH : mostGrowth);
        pace *= 1 + growth;
        growth *= 2;
      }
    }
    letIn = lately;
    begin(now);
  }

  private void begin(long now) {
    waited = false;
    stepBegan = now;
    begun = 0;
    pushedBack = 0;
  }
}

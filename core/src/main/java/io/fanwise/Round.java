package io.fanwise;

/// Calls begun one after another under the same limit, and what came of them. Pure arithmetic, no
/// clock.
///
/// Which calls belong to it is settled by when they are begun, so that short ones are not counted
/// before long ones; but the very longest are not waited for. Confined to the caller's thread.
final class Round {
  /// A round has at least so many calls.
  private static final int FEWEST_CALLS = 20;

  /// For the sake of precision it has not more than this.
  private static final int MOST_CALLS = 2_000;

  /// For the sake of precision calls are begun for not longer than this.
  private static final long LONGEST_NANOS = 3_000_000_000L;

  /// So much of them must be back: the last ones may take for ever.
  private static final double BACK = 0.95;

  private int limit;
  private long shortest;
  private int wanted;
  private long began;

  /// Whether more calls are in flight than there should be: it begins when they are back.
  private boolean draining;

  /// All calls in flight, and the sum of their times since it began.
  private int flying;

  private double area;
  private long counted;

  /// How many calls belong to it so far; once they are all there, when the last of them was begun.
  private int begun;

  private boolean complete;
  private long lastBegun;

  /// What came of those that are back.
  private int calls;

  private long done;
  private double nanos;
  private double squares;

  /// Begins anew, with no calls but those that are in flight.
  ///
  /// @param limit how many calls may be in flight
  /// @param precision how well the mean duration is to be known, as a share of it
  /// @param shortest for how long at least calls are begun, in nanoseconds
  void begin(int limit, double precision, long shortest, long now) {
    double precise = Math.min(variance() / (precision * precision), MOST_CALLS);
    wanted = (int) Math.max(precise, Math.max(FEWEST_CALLS, limit / 2));
    this.limit = limit;
    this.shortest = shortest;
    draining = flying > limit;
    reset(now);
  }

  private void reset(long now) {
    began = now;
    area = 0;
    counted = now;
    begun = 0;
    complete = false;
    calls = 0;
    done = 0;
    nanos = 0;
    squares = 0;
  }

  /// Of the durations, as a share of the square of their mean.
  private double variance() {
    return calls == 0 ? 0 : Math.max(0, squares * calls / (nanos * nanos) - 1);
  }

  void began(long now) {
    fly(1, now);
    if (complete || draining) {
      return;
    }
    begun++;
    lastBegun = now;
    boolean enough = begun >= wanted && now - began >= shortest;
    complete = enough || (begun >= FEWEST_CALLS && now - began > LONGEST_NANOS);
  }

  /// A call is back.
  ///
  /// @param since when it was begun
  /// @param back when it came back, though nobody may have cared before `now`
  /// @param inputs how many of its inputs were done
  void ended(long since, long back, int inputs, long now) {
    fly(-1, now);
    area -= now - Math.max(back, began);
    if (draining && flying <= limit) {
      draining = false;
      reset(now);
    } else if (since - began >= 0 && (!complete || since - lastBegun <= 0)) {
      double took = Math.max(1, back - since);
      calls++;
      done += inputs;
      nanos += took;
      squares += took * took;
    }
  }

  private void fly(int more, long now) {
    area += (double) flying * (now - counted);
    counted = now;
    flying += more;
  }

  /// Whether enough is known.
  boolean over() {
    return complete && !draining && calls >= BACK * begun;
  }

  /// How many calls were in flight, in the mean.
  double inFlight(long now) {
    return area / Math.max(1, now - began);
  }

  /// How many inputs were done.
  long done() {
    return done;
  }

  /// How many inputs are done per nanosecond with so many calls in flight: by Little's law, so that
  /// it does not matter how many came back by chance just before the end.
  double goodput(double inFlight) {
    return inFlight * done / nanos;
  }

  /// How long a call took, in the mean.
  double nanos() {
    return nanos / calls;
  }
}

package io.fanwise;

import java.util.Arrays;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;

/// A service in a time of its own, and calls to it, as many at a time as somebody allows: what
/// would take minutes is over in milliseconds, and goes the same way every time.
final class SimulatedService {
  static final long SECOND = 1_000_000_000;
  static final long MILLI = 1_000_000;

  /// What the service makes of a call.
  ///
  /// @param nanos when it answers, from now
  /// @param done whether it does what it was asked to
  record Answer(long nanos, boolean done) {}

  /// How the service behaves.
  interface Manner {
    /// Takes a call.
    ///
    /// @param now since the beginning, in nanoseconds
    /// @param busy how many calls it is at, this one among them
    Answer answer(long now, int busy, RandomGenerator random);

    /// From some moment on it behaves like that.
    default Manner then(double seconds, Manner other) {
      return (now, busy, random) ->
          (now < seconds * SECOND ? this : other).answer(now, busy, random);
    }
  }

  /// Takes its time, however many calls there are.
  static Manner slow(double leastMillis, double mostMillis) {
    return (_, _, random) ->
        new Answer((long) (MILLI * random.nextDouble(leastMillis, mostMillis)), true);
  }

  /// Has so many at a time; the others make all of them slower in proportion.
  static Manner saturating(double leastMillis, double mostMillis, int places) {
    return (_, busy, random) ->
        new Answer(
            (long)
                (MILLI
                    * random.nextDouble(leastMillis, mostMillis)
                    * Math.max(1, (double) busy / places)),
            true);
  }

  /// Has so many servers; the others queue.
  static Manner queueing(double leastMillis, double mostMillis, int servers) {
    long[] freeAt = new long[servers];
    return (now, _, random) -> {
      int first = 0;
      for (int i = 1; i < servers; i++) {
        first = freeAt[i] < freeAt[first] ? i : first;
      }
      long begins = Math.max(now, freeAt[first]);
      freeAt[first] = begins + (long) (MILLI * random.nextDouble(leastMillis, mostMillis));
      return new Answer(freeAt[first] - now, true);
    };
  }

  /// Makes less of many calls than of enough.
  static Manner thrashing(double millis, int places) {
    return (_, busy, random) -> {
      double over = Math.max(1, (double) busy / places);
      return new Answer((long) (MILLI * random.nextDouble(0.9, 1.1) * millis * over * over), true);
    };
  }

  /// Fails at once.
  static Manner broken() {
    return (_, _, random) -> new Answer((long) (MILLI * random.nextDouble(1, 3)), false);
  }

  /// Fails now and then.
  static Manner flaky(Manner usually, double share) {
    return (now, busy, random) ->
        random.nextDouble() < share
            ? new Answer(5 * MILLI, false)
            : usually.answer(now, busy, random);
  }

  /// Who says how many calls there may be.
  interface Caller {
    int limit();

    void began(long now);

    void ended(long begun, boolean done, long now);
  }

  static Caller fixed(int limit) {
    return new Caller() {
      @Override
      public int limit() {
        return limit;
      }

      @Override
      public void began(long now) {}

      @Override
      public void ended(long begun, boolean done, long now) {}
    };
  }

  static Caller climbing(int least, int most) {
    Climb climb = new Climb(least, most, 0);
    return new Caller() {
      @Override
      public int limit() {
        return climb.limit();
      }

      @Override
      public void began(long now) {
        climb.began(now);
      }

      @Override
      public void ended(long begun, boolean done, long now) {
        climb.ended(begun, now, done ? 1 : 0, now);
      }
    };
  }

  /// What came of it, from the moment on from which it was counted.
  ///
  /// @param perSecond how many calls were done
  /// @param p99Millis how long 99 of 100 of them took at most
  /// @param limit the last limit
  /// @param leastLimit the lowest limit while it was counted
  /// @param mostLimit the highest
  record Seen(double perSecond, double p99Millis, int limit, int leastLimit, int mostLimit) {}

  private record Flying(long begun, long back, boolean done) implements Comparable<Flying> {
    @Override
    public int compareTo(Flying other) {
      return Long.compare(back, other.back);
    }
  }

  /// Calls the service for so long.
  ///
  /// @param from since when it counts, in seconds
  /// @param to when it ends
  static Seen call(
      Manner service, Caller caller, double from, double to, RandomGenerator random) {
    PriorityQueue<Flying> flying = new PriorityQueue<>();
    long now = 0;
    long done = 0;
    int leastLimit = Integer.MAX_VALUE;
    int mostLimit = 0;
    long[] durations = new long[1024];
    while (now < to * SECOND) {
      while (flying.size() < caller.limit()) {
        Answer answer = service.answer(now, flying.size() + 1, random);
        flying.add(new Flying(now, now + answer.nanos(), answer.done()));
        caller.began(now);
      }
      Flying back = flying.remove();
      now = back.back();
      caller.ended(back.begun(), back.done(), now);
      if (now >= from * SECOND) {
        leastLimit = Math.min(leastLimit, caller.limit());
        mostLimit = Math.max(mostLimit, caller.limit());
        if (back.done()) {
          durations = done < durations.length ? durations : Arrays.copyOf(durations, 2 * durations.length);
          durations[(int) done++] = now - back.begun();
        }
      }
    }
    long[] all = Arrays.copyOf(durations, (int) done);
    Arrays.sort(all);
    double p99 = all.length == 0 ? 0 : (double) all[(int) (all.length * 0.99)] / MILLI;
    return new Seen(done / (to - from), p99, caller.limit(), leastLimit, mostLimit);
  }
}

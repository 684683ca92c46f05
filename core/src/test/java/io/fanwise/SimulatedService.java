package io.fanwise;

import java.util.Arrays;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A service in a time of its own, and calls to it, as many at a time as somebody allows: what
/// would take minutes is over in milliseconds, and goes the same way every time.
final class SimulatedService {
  static final long SECOND = 1_000_000_000;
  static final long MILLI = 1_000_000;

  /// What the service makes of a call.
  ///
  /// @param nanos when it answers, from now
  /// @param kind what it answers
  record Answer(long nanos, Kind kind) {}

  enum Kind {
    DONE,
    FAILED,
    PUSHED_BACK
  }

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
        new Answer((long) (MILLI * random.nextDouble(leastMillis, mostMillis)), Kind.DONE);
  }

  /// Has so many at a time; the others make all of them slower in proportion.
  static Manner saturating(double leastMillis, double mostMillis, int places) {
    return (_, busy, random) ->
        new Answer(
            (long)
                (MILLI
                    * random.nextDouble(leastMillis, mostMillis)
                    * Math.max(1, (double) busy / places)),
            Kind.DONE);
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
      return new Answer(freeAt[first] - now, Kind.DONE);
    };
  }

  /// Makes less of many calls than of enough.
  static Manner thrashing(double millis, int places) {
    return (_, busy, random) -> {
      double over = Math.max(1, (double) busy / places);
      return new Answer(
          (long) (MILLI * random.nextDouble(0.9, 1.1) * millis * over * over), Kind.DONE);
    };
  }

  /// Fails at once.
  static Manner broken() {
    return (_, _, random) -> new Answer((long) (MILLI * random.nextDouble(1, 3)), Kind.FAILED);
  }

  /// Fails now and then.
  static Manner flaky(Manner usually, double share) {
    return (now, busy, random) ->
        random.nextDouble() < share
            ? new Answer(5 * MILLI, Kind.FAILED)
            : usually.answer(now, busy, random);
  }

  /// Lets so many in each second, and pushes the others back.
  static Manner quota(double leastMillis, double mostMillis, long perSecond) {
    long[] let = new long[2];
    return (now, _, random) -> {
      if (now / SECOND != let[0]) {
        let[0] = now / SECOND;
        let[1] = 0;
      }
      return ++let[1] > perSecond
          ? new Answer(2 * MILLI, Kind.PUSHED_BACK)
          : new Answer((long) (MILLI * random.nextDouble(leastMillis, mostMillis)), Kind.DONE);
    };
  }

  /// Lets calls in at that pace, some at once, and pushes the others back.
  static Manner paced(double leastMillis, double mostMillis, long perSecond, int burst) {
    Rate.Bucket bucket = new Rate.Bucket(Rate.perSecond(perSecond).burst(burst), 0);
    return (now, _, random) ->
        bucket.grants(1, now)
            ? new Answer((long) (MILLI * random.nextDouble(leastMillis, mostMillis)), Kind.DONE)
            : new Answer(2 * MILLI, Kind.PUSHED_BACK);
  }

  /// Bears so many calls at a time, and pushes the others back.
  static Manner crowded(double leastMillis, double mostMillis, int places) {
    return (_, busy, random) ->
        busy > places
            ? new Answer(2 * MILLI, Kind.PUSHED_BACK)
            : new Answer((long) (MILLI * random.nextDouble(leastMillis, mostMillis)), Kind.DONE);
  }

  /// Pushes calls back now and then, however many there are.
  static Manner moody(Manner usually, double share) {
    return (now, busy, random) ->
        random.nextDouble() < share
            ? new Answer(2 * MILLI, Kind.PUSHED_BACK)
            : usually.answer(now, busy, random);
  }

  /// Who says how many calls there may be, and when.
  interface Caller {
    int limit();

    /// Nanoseconds until one more is permitted.
    default long untilPermitted(long now) {
      return 0;
    }

    void began(long now);

    void ended(long begun, Kind kind, long now);
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
      public void ended(long begun, Kind kind, long now) {}
    };
  }

  /// Adapts, and heeds push-back.
  static Caller climbing(int least, int most) {
    return new Climbing(new Climb(least, most, 0));
  }

  /// Heeds push-back, with so many calls.
  static Caller heeding(int limit) {
    return new Climbing(new Climb(limit, limit, 0));
  }

  private static final class Climbing implements Caller {
    private final Climb climb;
    private @Nullable Pace pace;
    private long begun;

    Climbing(Climb climb) {
      this.climb = climb;
    }

    @Override
    public int limit() {
      return climb.limit();
    }

    @Override
    public long untilPermitted(long now) {
      return pace == null || pace.grants(1, now) ? 0 : Math.max(1, pace.untilGranted(1, now));
    }

    @Override
    public void began(long now) {
      climb.began(now);
      begun++;
    }

    @Override
    public void ended(long since, Kind kind, long now) {
      if (kind == Kind.PUSHED_BACK) {
        if (pace == null) {
          pace = new Pace(begun, now, now);
        }
        pace.pushedBack(1, since, now);
      } else if (pace != null) {
        pace.letIn(1, since);
      }
      climb.ended(since, now, kind == Kind.DONE ? 1 : 0, now);
    }
  }

  /// What came of it, from the moment on from which it was counted.
  ///
  /// @param perSecond how many calls were done
  /// @param p99Millis how long 99 of 100 of them took at most
  /// @param limit the last limit
  /// @param leastLimit the lowest limit while it was counted
  /// @param mostLimit the highest
  /// @param attempts how many calls were done or pushed back
  /// @param pushedBack the share of them that were pushed back
  record Seen(
      double perSecond,
      double p99Millis,
      int limit,
      int leastLimit,
      int mostLimit,
      long attempts,
      double pushedBack) {}

  private record Flying(long begun, long back, Kind kind) implements Comparable<Flying> {
    @Override
    public int compareTo(Flying other) {
      return Long.compare(back, other.back);
    }
  }

  /// Calls the service for so long.
  ///
  /// @param from since when it counts, in seconds
  /// @param to when it ends
  static Seen call(Manner service, Caller caller, double from, double to, RandomGenerator random) {
    PriorityQueue<Flying> flying = new PriorityQueue<>();
    long now = 0;
    long done = 0;
    double pushedBack = 0;
    int turnedAway = 0;
    int leastLimit = Integer.MAX_VALUE;
    int mostLimit = 0;
    long[] durations = new long[1024];
    while (now < to * SECOND) {
      long wait = 0;
      while (flying.size() < caller.limit() && (wait = caller.untilPermitted(now)) == 0) {
        Answer answer = service.answer(now, flying.size() - turnedAway + 1, random);
        flying.add(new Flying(now, now + answer.nanos(), answer.kind()));
        turnedAway += answer.kind() == Kind.PUSHED_BACK ? 1 : 0;
        caller.began(now);
      }
      if (flying.isEmpty() || (wait > 0 && now + wait < flying.element().back())) {
        now += wait;
        continue;
      }
      Flying back = flying.remove();
      now = back.back();
      turnedAway -= back.kind() == Kind.PUSHED_BACK ? 1 : 0;
      caller.ended(back.begun(), back.kind(), now);
      if (now >= from * SECOND) {
        leastLimit = Math.min(leastLimit, caller.limit());
        mostLimit = Math.max(mostLimit, caller.limit());
        pushedBack += back.kind() == Kind.PUSHED_BACK ? 1 : 0;
        if (back.kind() == Kind.DONE) {
          durations =
              done < durations.length ? durations : Arrays.copyOf(durations, 2 * durations.length);
          durations[(int) done++] = now - back.begun();
        }
      }
    }
    long[] all = Arrays.copyOf(durations, (int) done);
    Arrays.sort(all);
    double p99 = all.length == 0 ? 0 : (double) all[(int) (all.length * 0.99)] / MILLI;
    return new Seen(
        done / (to - from),
        p99,
        caller.limit(),
        leastLimit,
        mostLimit,
        done + (long) pushedBack,
        pushedBack / Math.max(1, pushedBack + done));
  }
}

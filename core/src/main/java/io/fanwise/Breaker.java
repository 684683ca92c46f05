package io.fanwise;

import java.util.Arrays;

/// Whether a service is down: then nothing is begun but a probe now and then. Times in, permits
/// out; no clock.
///
/// It is down when more than half of the attempts of the last ten seconds failed with what is worth
/// a retry, and up again when a probe did not. Confined to the caller's thread.
final class Breaker {
  // CLOSED ──▶ OPEN ◀──▶ PROBING ──▶ CLOSED
  private enum State {
    CLOSED,
    OPEN,
    PROBING
  }

  private static final long SECOND = 1_000_000_000;

  /// Seconds that count.
  private static final int SECONDS = 10;

  /// Fewer attempts tell nothing.
  private static final int FEWEST = 20;

  /// How long it waits before the first probe, doubled each time.
  private static final long FIRST_WAIT_NANOS = SECOND;

  private static final long LONGEST_WAIT_NANOS = 60 * SECOND;

  private final long begun;
  private final int[] attempts = new int[SECONDS];
  private final int[] failures = new int[SECONDS];
  private long second;
  private State state = State.CLOSED;
  private long until;
  private long wait = FIRST_WAIT_NANOS;
  private long probedAt;

  Breaker(long now) {
    this.begun = now;
  }

  /// How many attempts may begin.
  int available(long now) {
    return switch (state) {
      case CLOSED -> Integer.MAX_VALUE;
      case OPEN -> now - until < 0 ? 0 : 1;
      case PROBING -> 0;
    };
  }

  /// Whether attempts may begin. While it is down, a single one is the probe.
  boolean grants(long now) {
    if (state == State.OPEN && now - until >= 0) {
      state = State.PROBING;
      probedAt = now;
      return true;
    }
    return state == State.CLOSED;
  }

  /// A probe that was granted was not begun.
  void giveBack() {
    if (state == State.PROBING) {
      state = State.OPEN;
    }
  }

  /// Nanoseconds until something may begin, whatever comes back meanwhile.
  long untilGranted(long now) {
    return switch (state) {
      case CLOSED -> 0;
      case OPEN -> Math.max(0, until - now);
      case PROBING -> Long.MAX_VALUE;
    };
  }

  /// Attempts came back.
  ///
  /// @param failed how many of them failed with what is worth a retry
  /// @param since when they were begun
  /// @return whether this was the probe
  boolean back(int count, int failed, long since, long now) {
    boolean probe = state == State.PROBING && since - probedAt >= 0;
    if (probe && count == 0) {
      giveBack();
    } else if (probe) {
      probed(failed, now);
    } else if (state == State.CLOSED && count > 0) {
      count(count, failed, now);
    }
    return probe;
  }

  private void count(int count, int failed, long now) {
    long present = (now - begun) / SECOND;
    for (long s = Math.max(second + 1, present - SECONDS + 1); s <= present; s++) {
      attempts[(int) (s % SECONDS)] = 0;
      failures[(int) (s % SECONDS)] = 0;
    }
    second = present;
    attempts[(int) (present % SECONDS)] += count;
    failures[(int) (present % SECONDS)] += failed;
    int all = 0;
    int bad = 0;
    for (int i = 0; i < SECONDS; i++) {
      all += attempts[i];
      bad += failures[i];
    }
    if (all >= FEWEST && 2 * bad > all) {
      open(FIRST_WAIT_NANOS, now);
    }
  }

  private void probed(int failed, long now) {
    if (failed > 0) {
      open(Math.min(2 * wait, LONGEST_WAIT_NANOS), now);
    } else {
      state = State.CLOSED;
      Arrays.fill(attempts, 0);
      Arrays.fill(failures, 0);
    }
  }

  private void open(long nanos, long now) {
    state = State.OPEN;
    wait = nanos;
    until = now + nanos;
  }
}

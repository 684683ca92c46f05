package io.fanwise.processes;

import java.util.HashSet;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;

/// The lanes of a pool, by what they do: those that take calls, and those that take none any more
/// and wait for their worker's end. Guarded by the lock of the pool.
final class Roster {
  // start() ──▶ working ── leave() ──▶ leaving ── gone() ──▶ no lane of the pool
  private final Set<Lane> working = new HashSet<>();
  private final Set<Lane> leaving = new HashSet<>();

  /// Numbers of lanes that have left: the next one takes the lowest.
  private final Queue<Integer> freeNumbers = new PriorityQueue<>();

  private int numbers;

  /// Another lane begins to take calls of a pool.
  void start(ProcessPool pool) {
    Integer free = freeNumbers.poll();
    Lane lane = new Lane(pool, free != null ? free : ++numbers);
    working.add(lane);
    boolean started = false;
    try {
      lane.start();
      started = true;
    } finally {
      if (!started) {
        leave(lane);
        gone(lane);
      }
    }
  }

  /// A lane takes no calls any more.
  void leave(Lane lane) {
    working.remove(lane);
    leaving.add(lane);
    freeNumbers.add(lane.number());
  }

  /// A lane has ended, and so has its worker.
  void gone(Lane lane) {
    leaving.remove(lane);
  }

  boolean isWorking(Lane lane) {
    return working.contains(lane);
  }

  /// How many lanes take calls.
  int size() {
    return working.size();
  }

  /// Whether any lane has a worker that is ready to work.
  boolean hasWorker() {
    return working.stream().anyMatch(Lane::hasWorker);
  }

  /// Whether nobody is left but the thread that asks.
  boolean isEmptyButForMe() {
    return working.stream().allMatch(Lane::isCurrent) && leaving.stream().allMatch(Lane::isCurrent);
  }
}

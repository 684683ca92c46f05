package io.fanwise.cli.exec;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// The programs that run now, so that all can be ended at once. Safe for use by many threads.
final class Children {
  // how often to look whether a tree has ended, of which only the root can be waited for
  static final Duration GLANCE = Duration.ofMillis(10);
  // a killed process is gone at once, unless the system itself is in its way
  static final Duration LAST = Duration.ofSeconds(1);

  private final Set<Child> running = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  void refuseIfClosed() {
    if (closed) {
      throw new IllegalStateException("The spawner is closed and starts nothing more.");
    }
  }

  /// Adds a child; when this is closed already, it is for the caller to end it.
  void add(Child child) {
    running.add(child);
    refuseIfClosed();
  }

  void remove(Child child) {
    running.remove(child);
  }

  int count() {
    return running.size();
  }

  void close(Duration grace) {
    closed = true;
    List<Child> last = List.copyOf(running);
    last.forEach(Child::terminate);
    waitUntil(() -> last.stream().allMatch(Child::gone), grace);
    last.forEach(Child::kill);
    waitUntil(() -> last.stream().allMatch(Child::gone), LAST);
  }

  /// Waits at most so long. An interrupt does not shorten it.
  static void waitUntil(BooleanSupplier gone, Duration most) {
    long deadline = System.nanoTime() + most.toNanos();
    boolean interrupted = false;
    while (!gone.getAsBoolean() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(GLANCE.toNanos());
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

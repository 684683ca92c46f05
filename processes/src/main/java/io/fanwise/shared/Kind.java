package io.fanwise.shared;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The kinds of shared objects. On the wire it is its ordinal.
enum Kind {
  COUNTER,
  EVENT,
  LATCH,
  LOCK,
  SEMAPHORE,
  BARRIER,
  QUEUE,
  PIPE,
  MAP;

  String noun() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// What users call it.
  String type() {
    return "Shared" + name().charAt(0) + noun().substring(1);
  }

  /// A new one.
  ///
  /// @param size how much of it there is: capacity, permits, parties; without meaning for the
  ///   others
  State create(long size) {
    return switch (this) {
      case COUNTER -> new CounterState();
      case EVENT -> new EventState();
      case LATCH -> new LatchState(size);
      case LOCK -> new LockState();
      case SEMAPHORE -> new SemaphoreState(size);
      case BARRIER -> new BarrierState(size);
      case QUEUE -> new QueueState(size);
      case PIPE -> new PipeState();
      case MAP -> new MapState();
    };
  }

  /// The way to the object itself.
  ///
  /// @param face what users get to see of it
  /// @return null if it is something else
  static @Nullable Line line(Object face) {
    if (face instanceof SharedCounter counter) {
      return counter.line;
    }
    if (face instanceof SharedEvent event) {
      return event.line;
    }
    if (face instanceof SharedLatch latch) {
      return latch.line;
    }
    if (face instanceof SharedLock lock) {
      return lock.line;
    }
    if (face instanceof SharedSemaphore semaphore) {
      return semaphore.line;
    }
    if (face instanceof SharedBarrier barrier) {
      return barrier.line;
    }
    if (face instanceof SharedQueue<?> queue) {
      return queue.line;
    }
    if (face instanceof SharedPipe<?> pipe) {
      return pipe.line;
    }
    return face instanceof SharedMap<?, ?> map ? map.line : null;
  }

  /// What users get to see of it.
  Object face(Line line) {
    return switch (this) {
      case COUNTER -> new SharedCounter(line);
      case EVENT -> new SharedEvent(line);
      case LATCH -> new SharedLatch(line);
      case LOCK -> new SharedLock(line);
      case SEMAPHORE -> new SharedSemaphore(line);
      case BARRIER -> new SharedBarrier(line);
      case QUEUE -> new SharedQueue<>(line);
      case PIPE -> new SharedPipe<>(line);
      case MAP -> new SharedMap<>(line);
    };
  }
}

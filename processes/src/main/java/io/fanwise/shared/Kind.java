package io.fanwise.shared;

import java.util.Locale;

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

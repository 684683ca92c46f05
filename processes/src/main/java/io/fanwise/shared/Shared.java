package io.fanwise.shared;

/// State that tasks share, in whatever JVM they run: queues, pipes, locks, semaphores, latches,
/// barriers, events, counters, maps.
///
/// What is made here lives in the JVM that runs the fan, and is used from there and from threads
/// like any object. A task that captures it and runs in a worker JVM gets one that asks the
/// original, so all see the same state; it may also be an input, a result, or lie in another shared
/// object. What is made inside a task that runs in a worker JVM lives in the JVM that runs the fan
/// too, until that worker drops it or ends. If a worker starts JVMs of its own, all this holds for
/// them as well: what they share lives where the outermost run is, and their questions are carried
/// there.
///
/// ```java
/// var seen = Shared.counter();
/// Fan.on(Processes.of(4)).forEach(files, file -> seen.increment());
/// ```
///
/// A value that goes to another JVM can have a gigabyte there, less a little; a larger one is
/// refused with an [IllegalArgumentException] that says how large it is.
///
/// A worker that dies never leaves the others stuck: what it held is let go, and what it waited for
/// it waits for no more. Each type says what that means for it. Calls that wait can be interrupted,
/// and then nothing was done. If the JVM where an object lives cannot be reached, its methods throw
/// [java.io.UncheckedIOException]; if it has been dropped there, [IllegalStateException].
public final class Shared {
  private Shared() {}

  /// A queue.
  ///
  /// @param <T> what goes through it; serializable if it goes to other JVMs
  /// @param capacity how many values fit into it before [SharedQueue#put] waits, at least 1
  /// @return a new one, empty
  public static <T> SharedQueue<T> queue(int capacity) {
    return made(Kind.QUEUE, atLeast(1, "the capacity of a queue", capacity));
  }

  /// A pipe.
  ///
  /// @param <T> what goes through it; serializable if it goes to other JVMs
  /// @return a new one, empty
  public static <T> SharedPipe<T> pipe() {
    return made(Kind.PIPE, 0);
  }

  /// A lock, which its holder may take again.
  ///
  /// @return a new one, free
  public static SharedLock lock() {
    return made(Kind.LOCK, 0);
  }

  /// A semaphore.
  ///
  /// @param permits how many permits there are at first, at least 0
  /// @return a new one
  public static SharedSemaphore semaphore(int permits) {
    return made(Kind.SEMAPHORE, atLeast(0, "the permits of a semaphore", permits));
  }

  /// A latch.
  ///
  /// @param count how often it is counted down before it opens, at least 0
  /// @return a new one
  public static SharedLatch latch(int count) {
    return made(Kind.LATCH, atLeast(0, "the count of a latch", count));
  }

  /// A barrier.
  ///
  /// @param parties how many wait for each other, at least 1
  /// @return a new one
  public static SharedBarrier barrier(int parties) {
    return made(Kind.BARRIER, atLeast(1, "the parties of a barrier", parties));
  }

  /// An event.
  ///
  /// @return a new one, not set
  public static SharedEvent event() {
    return made(Kind.EVENT, 0);
  }

  /// A counter.
  ///
  /// @return a new one, at 0
  public static SharedCounter counter() {
    return made(Kind.COUNTER, 0);
  }

  /// A map.
  ///
  /// @param <K> its keys; serializable if it is used from other JVMs
  /// @param <V> its values; serializable if they go to other JVMs
  /// @return a new one, empty
  public static <K, V> SharedMap<K, V> map() {
    return made(Kind.MAP, 0);
  }

  // what a kind makes is what its verb here says it returns
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <S> S made(Kind kind, long size) {
    return (S) Broker.create(kind, size);
  }

  static int atLeast(int least, String what, int value) {
    if (value < least) {
      throw new IllegalArgumentException(what + " must be at least " + least + ", was " + value);
    }
    return value;
  }
}

package io.fanwise.shared;

/// What can be asked of a shared object. On the wire it is its ordinal: both ends run the same jar.
enum Verb {
  /// Counter, event, latch, lock: what is the value?
  GET,
  /// Counter: becomes this. Event: is set.
  SET,
  /// Counter: is more by this.
  ADD,
  /// Counter: becomes that if it is this. Map: becomes that if the entry has this stamp.
  COMPARE_AND_SET,
  /// Event: is no longer set. Map: becomes empty.
  CLEAR,
  /// Event, latch, barrier: wait.
  AWAIT,
  /// Latch: one less.
  COUNT_DOWN,
  /// Lock, semaphore: take it.
  ACQUIRE,
  /// Lock, semaphore: let go of it.
  RELEASE,
  /// Barrier: whole again.
  RESET,
  /// Barrier: has it been broken? Queue: is it closed, and empty?
  ENDED,
  /// Queue, pipe, map: put this in.
  PUT,
  /// Queue, pipe: take the next one out. Map: take this one out.
  TAKE,
  /// Queue, pipe: nothing more goes in.
  CLOSE,
  /// Pipe: this worker has this end now.
  HOLD,
  /// Queue, map: how many are in it?
  SIZE,
  /// Map: all that is in it.
  ENTRIES,
  /// Lock: who holds it?
  HOLDER
}

package io.fanwise.shared;

/// Who asks: a thread of a worker, or of the JVM where the object lives.
///
/// Immutable.
record Actor(Peer peer, long thread) {

  /// The calling thread, in the JVM where the object lives.
  static Actor here() {
    return new Actor(Peer.SELF, Thread.currentThread().threadId());
  }
}

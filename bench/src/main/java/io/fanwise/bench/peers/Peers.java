package io.fanwise.bench.peers;

import org.jspecify.annotations.Nullable;

/// Finds peers by name: of the JDK here, of other libraries by [java.util.ServiceLoader].
public interface Peers {

  /// A peer that is ready to work.
  ///
  /// @param name what it is called in tables
  /// @param jobs how many inputs it is to work on at the same time
  /// @return the peer; null if it is not known here
  @Nullable Peer named(String name, int jobs);
}

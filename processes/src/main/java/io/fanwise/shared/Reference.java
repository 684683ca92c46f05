package io.fanwise.shared;

import java.io.Serializable;

/// What travels instead of a shared object: where it lives, and which one it is.
///
/// Immutable.
///
/// @param home the JVM where it lives
/// @param kind what it is
/// @param id which one it is there
record Reference(long home, Kind kind, long id) implements Serializable {

  /// The object itself if it lives here, otherwise one that asks it.
  ///
  /// @return what users get to see
  private Object readResolve() {
    return Broker.arrived(this);
  }
}

package io.fanwise.shared;

import java.io.Serializable;

/// What travels instead of a shared object: where it lives, and which one it is.
///
/// Immutable.
record Reference(long home, Kind kind, long id) implements Serializable {

  /// The object itself if it lives here, otherwise one that asks it.
  private Object readResolve() {
    return Broker.arrived(this);
  }
}

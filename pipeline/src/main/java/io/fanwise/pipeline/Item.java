package io.fanwise.pipeline;

import java.io.Serializable;

/// An input on its way to a worker. Immutable, as far as the input is.
///
/// @param position where it stands among all inputs, from 0
/// @param raw what the source's cursor read
record Item(long position, Object raw) implements Serializable {

  /// What errors and progress call it.
  @Override
  public String toString() {
    return raw.toString();
  }
}

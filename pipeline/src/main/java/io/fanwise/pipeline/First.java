package io.fanwise.pipeline;

import java.io.Serializable;

/// What comes of an input that others may be equal to. Immutable, as far as the bytes are left
/// alone.
final class First implements Serializable {
  private static final long serialVersionUID = 1;

  /// What an encoder makes is of any type; it has travelled before without this around it.
  @SuppressWarnings("serial")
  private final Object encoded;

  private final byte[] result;

  First(Object encoded, byte[] result) {
    this.encoded = encoded;
    this.result = result;
  }

  /// What the sinks are given.
  Object encoded() {
    return encoded;
  }

  /// The result itself, to be encoded for others.
  byte[] result() {
    return result;
  }
}

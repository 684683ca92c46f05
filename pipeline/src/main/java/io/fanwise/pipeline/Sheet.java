package io.fanwise.pipeline;

import java.io.Serializable;

/// A file that is to be: its name below the folder, and what is in it. Immutable, as far as the
/// bytes are left alone.
final class Sheet implements Serializable {
  private static final long serialVersionUID = 1;

  private final String name;
  private final byte[] bytes;

  Sheet(String name, byte[] bytes) {
    this.name = name;
    this.bytes = bytes;
  }

  String name() {
    return name;
  }

  byte[] bytes() {
    return bytes;
  }

  @Override
  public String toString() {
    return "%s (%d bytes)".formatted(name, bytes.length);
  }
}

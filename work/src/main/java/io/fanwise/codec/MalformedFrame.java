package io.fanwise.codec;

import java.io.IOException;

/// Bytes that no [Encoder] wrote: nothing after them can be read either.
public final class MalformedFrame extends IOException {
  private static final long serialVersionUID = 1;

  /// Bytes that make no sense.
  ///
  /// @param message what was read, and why it cannot be
  public MalformedFrame(String message) {
    super(message);
  }
}

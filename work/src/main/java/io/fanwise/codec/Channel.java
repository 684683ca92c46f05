package io.fanwise.codec;

import java.io.IOException;

/// Carries the failure of a channel through the JDK's object streams, past what blames the value.
final class Channel extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final IOException broken;

  Channel(IOException broken) {
    super(broken.getMessage(), broken, false, false);
    this.broken = broken;
  }

  IOException broken() {
    return broken;
  }
}

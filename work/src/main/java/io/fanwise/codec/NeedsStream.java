package io.fanwise.codec;

/// Says that a value has to go through the JDK's object streams as a whole.
final class NeedsStream extends RuntimeException {
  private static final long serialVersionUID = 1;

  NeedsStream() {
    super("needs the JDK's object streams", null, false, false);
  }
}

package io.fanwise.codec;

/// Says that what was read of a value does not count, because the encoder began it again.
final class Again extends RuntimeException {
  private static final long serialVersionUID = 1;

  Again() {
    super("begins again", null, false, false);
  }
}

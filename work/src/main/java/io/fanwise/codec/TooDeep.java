package io.fanwise.codec;

/// Says that values in values go deeper than allowed, before anybody knows where.
final class TooDeep extends RuntimeException {
  private static final long serialVersionUID = 1;

  TooDeep() {
    super(null, null, false, false);
  }
}

package io.fanwise.codec;

/// Says that an object has no way to travel, before anybody knows where it is.
final class Unfit extends RuntimeException {
  private static final long serialVersionUID = 1;

  Unfit(Object object) {
    super(object.getClass().getName() + " is not serializable", null, false, false);
  }
}

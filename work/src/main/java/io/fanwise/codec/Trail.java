package io.fanwise.codec;

import org.jspecify.annotations.Nullable;

/// The way to what cannot travel, found only once it has failed to.
final class Trail {
  private Trail() {}

  /// Says what is wrong with a value.
  static CannotTravel refuse(@Nullable Object root, Throwable why) {
    if (why instanceof CannotTravel refusal) {
      return refusal;
    }
    if (why instanceof StackOverflowError) {
      return new CannotTravel("nested too deeply for this thread's stack", why);
    }
    return new CannotTravel(String.valueOf(why.getMessage()), why);
  }
}

package io.fanwise.shared;

import org.jspecify.annotations.Nullable;

/// How many are still to come.
final class LatchState implements State {
  private long count;

  LatchState(long count) {
    this.count = count;
  }

  @Override
  public @Nullable Object attempt(Call call) {
    return switch (call.verb) {
      case GET -> count;
      case COUNT_DOWN -> {
        count = Math.max(0, count - 1);
        yield count;
      }
      case AWAIT -> count == 0 ? 1L : WAIT;
      default -> throw call.unknown();
    };
  }

  @Override
  public String toString() {
    return count == 0 ? "open" : count + " to come";
  }
}

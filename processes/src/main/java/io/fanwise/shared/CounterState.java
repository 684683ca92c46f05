package io.fanwise.shared;

import org.jspecify.annotations.Nullable;

/// One number.
final class CounterState implements State {
  private long value;

  @Override
  public @Nullable Object attempt(Call call) {
    return switch (call.verb) {
      case GET -> value;
      case ADD -> {
        value += call.number(0);
        yield value;
      }
      case SET -> {
        long before = value;
        value = call.number(0);
        yield before;
      }
      case COMPARE_AND_SET -> {
        long next = call.number(1);
        boolean same = value == call.number(0);
        value = same ? next : value;
        yield same ? 1L : 0L;
      }
      default -> throw call.unknown();
    };
  }

  @Override
  public String toString() {
    return "at " + value;
  }
}

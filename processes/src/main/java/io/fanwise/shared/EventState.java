package io.fanwise.shared;

import org.jspecify.annotations.Nullable;

/// Set, or not.
final class EventState implements State {
  private boolean set;

  @Override
  public @Nullable Object attempt(Call call) {
    return switch (call.verb) {
      case GET -> set ? 1L : 0L;
      case SET -> become(true);
      case CLEAR -> become(false);
      case AWAIT -> set ? 1L : WAIT;
      default -> throw call.unknown();
    };
  }

  private long become(boolean next) {
    set = next;
    return 1L;
  }

  @Override
  public String toString() {
    return set ? "set" : "not set";
  }
}

package io.fanwise;

import io.fanwise.spi.Workers;
import org.jspecify.annotations.Nullable;

/// What surrounds the code that runs: the default fan, and the workers it is running on, if any.
/// Each run and each [Fan#asDefault] adds one around what it calls. Immutable.
final class Ambient {
  private static final ScopedValue<Ambient> CURRENT = ScopedValue.newInstance();

  /// A JVM that was started to run tasks is inside one from the beginning.
  private static final Ambient OUTERMOST =
      new Ambient(
          System.getProperty("fanwise.worker") == null ? null : Fan.sequential(), null, null);

  private final @Nullable Fan fallback;
  private final @Nullable Workers workers;
  private final @Nullable Ambient outer;

  private Ambient(@Nullable Fan fallback, @Nullable Workers workers, @Nullable Ambient outer) {
    this.fallback = fallback;
    this.workers = workers;
    this.outer = outer;
  }

  static Ambient current() {
    return CURRENT.orElse(OUTERMOST);
  }

  /// What [Fan#out] returns; null for one thread per core.
  @Nullable Fan fallback() {
    return fallback;
  }

  Ambient withDefault(Fan fan) {
    return new Ambient(fan, null, this);
  }

  /// What a task of a run on these workers sees: nested runs are sequential unless they say where.
  Ambient on(Workers these) {
    return new Ambient(Fan.sequential(), these, this);
  }

  /// Whether this code runs on these workers, or was called from code that does.
  boolean isOn(Workers these) {
    for (Ambient a = this; a != null; a = a.outer) {
      if (these.equals(a.workers)) {
        return true;
      }
    }
    return false;
  }

  /// Whether this code is part of a task.
  boolean isInTask() {
    for (Ambient a = this; a != null; a = a.outer) {
      if (a.workers != null) {
        return true;
      }
    }
    return false;
  }

  /// Whether this is what surrounds the other one, or the same.
  boolean surrounds(Ambient other) {
    for (Ambient a = other; a != null; a = a.outer) {
      if (a == this) {
        return true;
      }
    }
    return false;
  }

  ScopedValue.Carrier bound() {
    return ScopedValue.where(CURRENT, this);
  }
}

package io.fanwise;

import io.fanwise.spi.Workers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What surrounds the code that runs: the default fan, and the workers it is running on, if any.
/// Immutable.
///
/// @param fallback what [Fan#out] returns; null for one thread per core
/// @param inside the workers this code runs on, and those that it was called from
record Ambient(@Nullable Fan fallback, List<Workers> inside) {
  private static final ScopedValue<Ambient> CURRENT = ScopedValue.newInstance();
  private static final Ambient OUTERMOST = new Ambient(null, List.of());

  static Ambient current() {
    return CURRENT.orElse(OUTERMOST);
  }

  Ambient withDefault(Fan fan) {
    return new Ambient(fan, inside);
  }

  /// What a task sees that runs on these workers: nested runs are sequential unless they say where.
  Ambient on(Workers workers) {
    List<Workers> deeper = new ArrayList<>(inside);
    deeper.add(workers);
    return new Ambient(Fan.sequential(), List.copyOf(deeper));
  }

  ScopedValue.Carrier bound() {
    return ScopedValue.where(CURRENT, this);
  }
}

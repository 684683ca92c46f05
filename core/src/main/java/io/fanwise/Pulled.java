package io.fanwise;

import java.util.Objects;
import java.util.Spliterator;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// The results of a run as the elements of a stream that pulls them. What can be split off is only
/// what is there already: nothing at first, so that a parallel stream reads the inputs from one
/// thread all the same. Confined to the caller's thread.
///
/// @param <R> the type of results, or outcomes
final class Pulled<R> implements Spliterator<R> {
  private static final Object[] NONE = new Object[0];

  private final @Nullable Pull run;
  private final boolean ordered;
  private Object[] values = NONE;
  private int at;

  private Pulled(@Nullable Pull run, boolean ordered) {
    this.run = run;
    this.ordered = ordered;
  }

  static <R> Stream<R> stream(Pull run, boolean ordered) {
    return StreamSupport.stream(new Pulled<R>(run, ordered), false).onClose(run::close);
  }

  @Override
  public boolean tryAdvance(Consumer<? super R> action) {
    Objects.requireNonNull(action, "action");
    if (at == values.length && !more()) {
      return false;
    }
    action.accept(take());
    return true;
  }

  @Override
  public void forEachRemaining(Consumer<? super R> action) {
    Objects.requireNonNull(action, "action");
    do {
      while (at < values.length) {
        action.accept(take());
      }
    } while (more());
  }

  private boolean more() {
    Pull.Results next = run == null ? null : run.next();
    values = next == null ? NONE : next.values();
    at = 0;
    return next != null;
  }

  /// The next value, which is not held on to.
  @SuppressWarnings("unchecked") // the run was made with a task of this type
  private R take() {
    R value = (R) values[at];
    values[at++] = NONE;
    return value;
  }

  /// The results that need not be waited for.
  @Override
  public @Nullable Spliterator<R> trySplit() {
    if (at == values.length) {
      return null;
    }
    Pulled<R> there = new Pulled<>(null, ordered);
    there.values = values;
    there.at = at;
    values = NONE;
    at = 0;
    return there;
  }

  @Override
  public long estimateSize() {
    return run == null ? values.length - at : Long.MAX_VALUE;
  }

  @Override
  public int characteristics() {
    return NONNULL | (ordered ? ORDERED : 0);
  }
}

package io.fanwise.pipeline;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/// Which input of which run is being worked on: the same for every attempt, also when the run was
/// killed and goes on, and never the same for two inputs or two runs. Immutable.
///
/// It is what a service wants to tell a call that is repeated from a new one:
///
/// ```java
/// final class Pay implements Task<Row, String>, InputId.Wanted {
///   public String run(Row bill) throws IOException {
///     return api.pay(bill.col("amount"), InputId.current().orElseThrow().toString());
///   }
/// }
/// ```
///
/// @param run the run; another one after [Pipeline#fresh()]
/// @param position where the input stands among all inputs, from 0
public record InputId(String run, long position) {
  private static final ScopedValue<InputId> CURRENT = ScopedValue.newInstance();

  /// A task that asks for it. Others are not told, as that would take longer than a tiny task.
  public interface Wanted {

    /// Whether it does ask.
    ///
    /// @return false to be spared
    default boolean wantsInputId() {
      return true;
    }
  }

  /// Refuses what tells nothing apart.
  public InputId {
    requireNonNull(run, "run");
    if (position < 0) {
      throw new IllegalArgumentException("a position is 0 or more, was " + position);
    }
  }

  /// What the calling task works on.
  ///
  /// @return empty outside a pipeline, and in a task that is not [Wanted]
  public static Optional<InputId> current() {
    return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
  }

  /// Makes this the one that [#current()] returns in the code called by `body`: for tasks outside a
  /// pipeline, and tests.
  ///
  /// @param body what to call, at once, on this thread
  /// @return what it returns
  /// @param <R> the type of that
  /// @param <X> what it may throw
  /// @throws X if it does
  public <R, X extends Throwable> R during(ScopedValue.CallableOp<? extends R, X> body) throws X {
    return ScopedValue.where(CURRENT, this).<R, X>call(body);
  }

  /// Whether a task asks for it.
  static boolean wantedBy(Object task) {
    return task instanceof Wanted wanted && wanted.wantsInputId();
  }

  /// In one word, which may stand anywhere.
  @Override
  public String toString() {
    return run + "-" + position;
  }
}

package io.fanwise.shared;

import io.fanwise.shared.Call.Stage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The way from what a user has in hand to the object itself.
///
/// Safe for use by many threads.
sealed interface Line permits Line.Direct, Remote {

  /// As long as it takes.
  long FOREVER = Long.MAX_VALUE;

  /// Asks, and does not wait.
  @Nullable Object call(Verb verb, @Nullable Object... arguments);

  /// Asks, and waits for at most so many nanoseconds until it can be done.
  ///
  /// @return the answer, or null if the time was up
  /// @throws InterruptedException if the calling thread was interrupted; then nothing was done
  @Nullable Object await(Verb verb, long patience, @Nullable Object... arguments)
      throws InterruptedException;

  /// What travels instead of it.
  Reference reference();

  default long number(Verb verb, @Nullable Object... arguments) {
    return call(verb, arguments) instanceof Long number ? number : 0;
  }

  default boolean yes(Verb verb, @Nullable Object... arguments) {
    return number(verb, arguments) != 0;
  }

  /// How long that is, where less than nothing is not at all.
  static long nanos(Duration patience) {
    try {
      return Math.max(0, patience.toNanos());
    } catch (ArithmeticException tooLong) {
      return patience.isNegative() ? 0 : FOREVER;
    }
  }

  /// The object lives here.
  record Direct(Resident resident) implements Line {
    @Override
    public @Nullable Object call(Verb verb, @Nullable Object... arguments) {
      var call = new Call(verb, Actor.here(), 0, arguments);
      resident.start(call);
      return answer(call);
    }

    @Override
    public @Nullable Object await(Verb verb, long patience, @Nullable Object... arguments)
        throws InterruptedException {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      var call = new Call(verb, Actor.here(), patience, arguments);
      if (!resident.start(call)) {
        resident.await(call);
      }
      return answer(call);
    }

    private static @Nullable Object answer(Call call) {
      if (call.stage() == Stage.FAILED) {
        RuntimeException failure = call.failure();
        throw failure instanceof Refused refused ? refused.atCaller() : failure;
      }
      return call.answer();
    }

    @Override
    public Reference reference() {
      return Home.HERE.reference(resident);
    }

    @Override
    public String toString() {
      return resident.toString();
    }
  }
}

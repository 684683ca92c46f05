package io.fanwise.shared;

import io.fanwise.shared.Refused.Reason;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/// One operation on a shared object by one thread somewhere, from the question to what became of
/// it.
///
/// Guarded by the lock of its [Resident] once that has it; before, and when it is decided, confined
/// to who asks.
final class Call {

  // OPEN ──▶ ANSWERED    (null if it gave up waiting)
  //   │ └──▶ FAILED      (refused, or the user's own equals threw)
  //   └────▶ CANCELLED   (interrupted, or its worker is gone)
  enum Stage {
    OPEN,
    ANSWERED,
    FAILED,
    CANCELLED
  }

  final Verb verb;
  final Actor actor;
  final long patience;
  final @Nullable Object[] arguments;

  /// What its state wants to remember of it while it waits.
  @Nullable Object memo;

  private final long since = System.nanoTime();
  private Stage stage = Stage.OPEN;
  private @Nullable Object answer;
  private @Nullable RuntimeException failure;
  private @Nullable Condition decided;
  private String leftBehind = "interrupted";

  /// @param patience for how many nanoseconds it waits at most; 0 is not at all
  /// @param arguments numbers, parcels
  Call(Verb verb, Actor actor, long patience, @Nullable Object... arguments) {
    this.verb = verb;
    this.actor = actor;
    this.patience = patience;
    this.arguments = arguments;
  }

  long number(int position) {
    if (position < arguments.length && arguments[position] instanceof Long number) {
      return number;
    }
    throw new Refused(Reason.ARGUMENT, verb + " needs a number as argument " + position);
  }

  Parcel parcel(int position) {
    if (position < arguments.length && arguments[position] instanceof Parcel parcel) {
      return parcel;
    }
    throw new Refused(Reason.ARGUMENT, verb + " needs a value as argument " + position);
  }

  /// What a state says to a verb that it does not know.
  Refused unknown() {
    return new Refused(Reason.ARGUMENT, verb + " is nothing that this object does");
  }

  Stage stage() {
    return stage;
  }

  long patienceLeft() {
    return patience == Long.MAX_VALUE ? patience : patience - (System.nanoTime() - since);
  }

  void waitsOn(Condition condition) {
    decided = condition;
  }

  void answer(@Nullable Object value) {
    answer = value;
    decide(Stage.ANSWERED);
  }

  void fail(RuntimeException why) {
    failure = why;
    decide(Stage.FAILED);
  }

  /// It stops waiting, and this is what it waited for.
  void leaves(String what) {
    leftBehind = what;
  }

  String leftBehind() {
    return leftBehind;
  }

  void cancel() {
    decide(Stage.CANCELLED);
  }

  private void decide(Stage next) {
    stage = next;
    if (decided != null) {
      decided.signal();
    }
  }

  @Nullable Object answer() {
    return answer;
  }

  RuntimeException failure() {
    return failure == null ? new IllegalStateException("it did not fail") : failure;
  }
}

package io.fanwise.shared;

import io.fanwise.shared.Refused.Reason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Who holds it and how often, and whether the one before died with it.
final class LockState implements State {

  /// The answers to [Verb#ACQUIRE].
  static final long TAKEN = 1;

  static final long TAKEN_FROM_THE_DEAD = 2;

  private @Nullable Actor holder;
  private long since;
  private long depth;
  private boolean abandoned;

  @Override
  public @Nullable Object attempt(Call call) {
    return switch (call.verb) {
      case GET -> holder == null ? 0L : 1L;
      case ACQUIRE -> acquire(call.actor);
      case RELEASE -> release(call.actor);
      case HOLDER -> holder == null ? null : told(holder);
      default -> throw call.unknown();
    };
  }

  private Object acquire(Actor actor) {
    if (holder != null && !holder.equals(actor)) {
      return WAIT;
    }
    if (holder == null) {
      since = System.nanoTime();
    }
    holder = actor;
    depth++;
    long answer = abandoned ? TAKEN_FROM_THE_DEAD : TAKEN;
    abandoned = false;
    return answer;
  }

  private long release(Actor actor) {
    if (!actor.equals(holder)) {
      throw new Refused(
          Reason.NOT_HOLDER,
          "thread "
              + actor.thread()
              + " of "
              + actor.peer().name()
              + " does not hold this lock"
              + (holder == null ? ": nobody does" : ": " + words(holder) + " does"));
    }
    depth--;
    if (depth == 0) {
      holder = null;
    }
    return depth;
  }

  private Object[] told(Actor who) {
    return new Object[] {Parcel.of(who.peer().name()), who.thread(), System.nanoTime() - since};
  }

  private String words(Actor who) {
    var time = Duration.ofNanos(System.nanoTime() - since);
    return new SharedLock.Holder(who.peer().name(), who.thread(), time).toString();
  }

  @Override
  public String toString() {
    return holder == null ? "free" : "held by " + words(holder);
  }

  @Override
  public void undo(Call call, Object answer) {
    if (call.verb == Verb.ACQUIRE && call.actor.equals(holder)) {
      release(call.actor);
      abandoned |= answer.equals(TAKEN_FROM_THE_DEAD);
    }
  }

  @Override
  public void lost(Peer peer) {
    if (holder != null && holder.peer() == peer) {
      holder = null;
      depth = 0;
      abandoned = true;
    }
  }
}

package io.fanwise.shared;

import io.fanwise.shared.Refused.Reason;
import org.jspecify.annotations.Nullable;

/// Who holds it and how often, and whether the one before died with it.
final class LockState implements State {

  /// The answers to [Verb#ACQUIRE].
  static final long TAKEN = 1;

  static final long TAKEN_FROM_THE_DEAD = 2;

  private @Nullable Actor holder;
  private long depth;
  private boolean abandoned;

  @Override
  public @Nullable Object attempt(Call call) {
    return switch (call.verb) {
      case GET -> holder == null ? 0L : 1L;
      case ACQUIRE -> acquire(call.actor);
      case RELEASE -> release(call.actor);
      default -> throw call.unknown();
    };
  }

  private Object acquire(Actor actor) {
    if (holder != null && !holder.equals(actor)) {
      return WAIT;
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
              + (holder == null
                  ? ": nobody does"
                  : ": thread " + holder.thread() + " of " + holder.peer().name() + " does"));
    }
    depth--;
    if (depth == 0) {
      holder = null;
    }
    return depth;
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

package io.fanwise.shared;

import io.fanwise.shared.Call.Stage;
import io.fanwise.shared.Refused.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A shared object in the JVM where it lives: its state, and the calls that wait for that to
/// change, first come first served.
///
/// Safe for use by many threads. Guarded by `lock`, which is held while a user's `equals` compares
/// keys of a map, but for no other code of users.
final class Resident {
  private static final AtomicLong IDS = new AtomicLong();

  private final long id = IDS.incrementAndGet();
  private final Kind kind;
  private final State state;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Call> waiting = new ArrayList<>();
  private final Object face;

  Resident(Kind kind, State state) {
    this.kind = kind;
    this.state = state;
    this.face = kind.face(new Line.Direct(this));
  }

  long id() {
    return id;
  }

  Kind kind() {
    return kind;
  }

  /// What users have in their hands in this JVM; always the same one.
  Object face() {
    return face;
  }

  /// What it is, and how it is if nothing is being done with it. Never waits.
  @Override
  public String toString() {
    String which = kind.type() + " " + id;
    if (!lock.tryLock()) {
      return which + ": in use";
    }
    try {
      return which + ": " + state + (waiting.isEmpty() ? "" : ", " + waiting.size() + " waiting");
    } finally {
      lock.unlock();
    }
  }

  /// Does the call at once if that is possible, otherwise lets it wait.
  ///
  /// @return whether it is decided; if not, [#await] waits until it is
  boolean start(Call call) {
    try {
      state.prepare(call);
    } catch (RuntimeException e) {
      call.fail(e);
      return true;
    }
    lock.lock();
    try {
      if (call.actor.peer().gone()) {
        call.cancel();
      } else if (attempt(call)) {
        settle();
      } else if (call.patience <= 0) {
        state.forget(call);
        call.answer(null);
        settle();
      } else {
        waiting.add(call);
      }
      return call.stage() != Stage.OPEN;
    } finally {
      lock.unlock();
    }
  }

  /// Waits until the call is decided, by a change, by its time being up, or by [#cancel].
  ///
  /// @throws InterruptedException if the calling thread was interrupted before it was decided
  void await(Call call) throws InterruptedException {
    lock.lock();
    try {
      var decided = lock.newCondition();
      call.waitsOn(decided);
      while (call.stage() == Stage.OPEN) {
        long left = call.patienceLeft();
        if (left <= 0) {
          leave(call);
          call.answer(null);
          settle();
        } else {
          decided.awaitNanos(left);
        }
      }
    } catch (InterruptedException e) {
      if (call.stage() == Stage.ANSWERED) {
        Thread.currentThread().interrupt();
        return;
      }
      cancel(call);
      throw new InterruptedException(call.leftBehind());
    } finally {
      lock.unlock();
    }
  }

  /// The call waits no longer. Nothing happens if it is decided already.
  void cancel(Call call) {
    lock.lock();
    try {
      if (call.stage() == Stage.OPEN) {
        call.leaves("interrupted while waiting for " + this);
        leave(call);
        call.cancel();
        settle();
      }
    } finally {
      lock.unlock();
    }
  }

  /// The answer could not be delivered, so it has not been given.
  void undo(Call call) {
    lock.lock();
    try {
      Object answer = call.answer();
      if (answer != null) {
        state.undo(call, answer);
        settle();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Whatever this worker held is let go, and none of its calls waits any longer.
  void lost(Peer peer) {
    lock.lock();
    try {
      for (Call call : List.copyOf(waiting)) {
        if (call.actor.peer() == peer) {
          leave(call);
          call.cancel();
        }
      }
      state.lost(peer);
      settle();
    } finally {
      lock.unlock();
    }
  }

  /// How many calls wait now.
  int waiting() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  private void leave(Call call) {
    waiting.remove(call);
    state.forget(call);
  }

  /// Lets those go who need not wait any more; what one does may let go another one before it.
  private void settle() {
    boolean again = !waiting.isEmpty();
    while (again) {
      again = waiting.removeIf(this::attempt);
    }
  }

  // WAIT is one object, whatever equals says
  @SuppressWarnings("ReferenceEquality")
  private boolean attempt(Call call) {
    @Nullable Object answer;
    try {
      answer = state.attempt(call);
    } catch (RuntimeException e) {
      call.fail(e);
      return true;
    }
    if (answer == State.WAIT) {
      return false;
    }
    call.answer(answer);
    return true;
  }

  /// What a worker is told about an object that is no longer there.
  static Refused gone(Kind kind) {
    return new Refused(
        Reason.STATE,
        "this shared "
            + kind.noun()
            + " is gone: the JVM that made it dropped it, or was a worker that has ended. Keep it in"
            + " a variable there for as long as workers use it.");
  }
}

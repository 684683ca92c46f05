package io.fanwise.shared;

import io.fanwise.shared.Refused.Reason;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Two ends, and what is under way to each.
final class PipeState implements State {

  /// As many as would make a sender wait who is far ahead, and too few to fill the memory.
  private static final int CAPACITY = 1_024;

  private final List<End> ends = List.of(new End(), new End());

  @Override
  public @Nullable Object attempt(Call call) {
    int side = (int) call.number(0) & 1;
    End here = ends.get(side);
    End there = ends.get(1 - side);
    here.users.add(call.actor.peer());
    return switch (call.verb) {
      case HOLD -> 1L;
      case PUT -> send(here, there, call.parcel(1));
      case TAKE -> receive(here, there);
      case CLOSE -> {
        here.closed = true;
        yield 1L;
      }
      default -> throw call.unknown();
    };
  }

  private static Object send(End here, End there, Parcel parcel) {
    if (here.closed || there.closed) {
      throw new Refused(
          Reason.STATE, "the " + (here.closed ? "near" : "far") + " end of the pipe is closed");
    }
    if (there.arriving.size() >= CAPACITY) {
      return WAIT;
    }
    there.arriving.addLast(parcel);
    return 1L;
  }

  private static Object receive(End here, End there) {
    if (here.closed) {
      throw new Refused(Reason.STATE, "the near end of the pipe is closed");
    }
    Parcel first = here.arriving.pollFirst();
    if (first == null && there.closed) {
      throw new Refused(
          Reason.ENDED, "the far end of the pipe is closed and nothing is left in it");
    }
    return first == null ? WAIT : first;
  }

  @Override
  public void undo(Call call, Object answer) {
    if (call.verb == Verb.TAKE && answer instanceof Parcel parcel) {
      ends.get((int) call.number(0) & 1).arriving.addFirst(parcel);
    }
  }

  @Override
  public void lost(Peer peer) {
    for (End end : ends) {
      if (end.users.remove(peer) && end.users.isEmpty() && peer.lost()) {
        end.closed = true;
      }
    }
  }

  @Override
  public String toString() {
    return "under way to the first end: %s, to the second: %s".formatted(ends.get(0), ends.get(1));
  }

  private static final class End {
    private final Deque<Parcel> arriving = new ArrayDeque<>();
    private final Set<Peer> users = Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean closed;

    @Override
    public String toString() {
      return closed ? "closed" : Integer.toString(arriving.size());
    }
  }
}

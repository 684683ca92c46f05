package io.fanwise.shared;

import io.fanwise.shared.Refused.Reason;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// What has been put in and not yet been taken out, and whether more may come.
final class QueueState implements State {
  private final long capacity;
  private final Deque<Parcel> parcels = new ArrayDeque<>();
  private boolean closed;

  QueueState(long capacity) {
    this.capacity = capacity;
  }

  @Override
  public @Nullable Object attempt(Call call) {
    return switch (call.verb) {
      case SIZE -> (long) parcels.size();
      case ENDED -> closed && parcels.isEmpty() ? 1L : 0L;
      case PUT -> put(call.parcel(0));
      case TAKE -> take();
      case CLOSE -> {
        closed = true;
        yield 1L;
      }
      default -> throw call.unknown();
    };
  }

  private Object put(Parcel parcel) {
    if (closed) {
      throw new Refused(Reason.STATE, "the queue is closed, so nothing can be put into it");
    }
    if (parcels.size() >= capacity) {
      return WAIT;
    }
    parcels.addLast(parcel);
    return 1L;
  }

  private Object take() {
    Parcel first = parcels.pollFirst();
    if (first == null && closed) {
      throw new Refused(Reason.ENDED, "the queue is closed and nothing is left in it");
    }
    return first == null ? WAIT : first;
  }

  @Override
  public void undo(Call call, Object answer) {
    if (call.verb == Verb.TAKE && answer instanceof Parcel parcel) {
      parcels.addFirst(parcel);
    }
  }

  @Override
  public String toString() {
    return parcels.size() + " of " + capacity + " in it" + (closed ? ", closed" : "");
  }
}

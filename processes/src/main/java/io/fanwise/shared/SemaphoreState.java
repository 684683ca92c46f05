package io.fanwise.shared;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/// How many permits are free, how many each worker has, and who waits: in that order, so that one
/// who wants many is not overtaken for ever by those who want few.
final class SemaphoreState implements State {
  private final IdentityHashMap<Peer, Long> held = new IdentityHashMap<>();
  private final Deque<Call> line = new ArrayDeque<>();
  private long free;

  SemaphoreState(long permits) {
    free = permits;
  }

  @Override
  public @Nullable Object attempt(Call call) {
    return switch (call.verb) {
      case GET -> free;
      case ACQUIRE -> acquire(call, call.number(0));
      case RELEASE -> release(call.actor.peer(), call.number(0));
      default -> throw call.unknown();
    };
  }

  private Object acquire(Call call, long permits) {
    if (call.memo == null) {
      call.memo = line;
      line.addLast(call);
    }
    if (line.peekFirst() != call || free < permits) {
      return WAIT;
    }
    line.removeFirst();
    free -= permits;
    held.merge(call.actor.peer(), permits, Long::sum);
    return 1L;
  }

  private long release(Peer peer, long permits) {
    free = Math.addExact(free, permits);
    held.computeIfPresent(peer, (_, before) -> before > permits ? before - permits : null);
    return free;
  }

  @Override
  public void forget(Call call) {
    line.remove(call);
  }

  @Override
  public void undo(Call call, Object answer) {
    long mine = held.getOrDefault(call.actor.peer(), 0L);
    if (call.verb == Verb.ACQUIRE && mine > 0) {
      release(call.actor.peer(), Math.min(mine, call.number(0)));
    }
  }

  @Override
  public void lost(Peer peer) {
    Long permits = held.remove(peer);
    if (permits != null && peer.lost()) { // who ends as it should has kept them on purpose
      free += permits;
    }
  }

  @Override
  public String toString() {
    var text = new StringBuilder().append(free).append(" free");
    held.forEach((peer, permits) ->
        text.append(", ").append(permits).append(" held by ").append(peer.name()));
    return text.toString();
  }
}

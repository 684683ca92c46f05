package io.fanwise.shared;

import io.fanwise.shared.Refused.Reason;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How many have arrived, and whether all will.
final class BarrierState implements State {
  private final long parties;
  private final Set<Peer> visitors = Collections.newSetFromMap(new IdentityHashMap<>());
  private Round round = new Round();

  BarrierState(long parties) {
    this.parties = parties;
  }

  @Override
  public @Nullable Object attempt(Call call) {
    return switch (call.verb) {
      case GET -> round.arrived;
      case ENDED -> round.broken == null ? 0L : 1L;
      case AWAIT -> arrive(call);
      case RESET -> {
        round.breaks("it was reset");
        round = new Round();
        visitors.clear();
        yield 1L;
      }
      default -> throw call.unknown();
    };
  }

  private Object arrive(Call call) {
    if (call.memo == null) {
      call.memo = round;
      visitors.add(call.actor.peer());
      round.arrived++;
      if (round.arrived == parties && round.broken == null) {
        round.complete = true;
        round = new Round();
      }
    }
    var mine = (Round) call.memo;
    if (mine.broken != null) {
      throw new Refused(Reason.BROKEN, "the barrier is broken: " + mine.broken);
    }
    return mine.complete ? 1L : WAIT;
  }

  @Override
  public void forget(Call call) {
    if (call.memo instanceof Round left && !left.complete) {
      left.breaks("a party of " + call.actor.peer().name() + " gave up waiting");
    }
  }

  @Override
  public void lost(Peer peer) {
    if (visitors.remove(peer) && peer.lost()) {
      round.breaks(peer.name() + " is lost");
    }
  }

  @Override
  public String toString() {
    return round.broken == null
        ? round.arrived + " of " + parties + " there"
        : "broken: " + round.broken;
  }

  /// The parties that leave together.
  private static final class Round {
    private long arrived;
    private boolean complete;
    private @Nullable String broken;

    void breaks(String why) {
      if (broken == null) {
        broken = why;
      }
    }
  }
}

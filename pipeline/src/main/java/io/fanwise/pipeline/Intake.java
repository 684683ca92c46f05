package io.fanwise.pipeline;

import io.fanwise.spi.Inlet;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// What the workers are given of the inputs: nothing while disk or heap is short. What is under way
/// goes on meanwhile, and is written. Confined to the caller's thread.
final class Intake implements Inlet<Item> {
  private static final System.Logger LOG = System.getLogger(Intake.class.getName());
  private static final long BETWEEN_LOOKS = TimeUnit.MILLISECONDS.toNanos(50);

  /// Of so many inputs, one is preceded by a look at the clock: that takes as long as reading one.
  private static final int LOOKED_AT = 16;

  private final Iterator<Item> inputs;
  private final DiskRoom disks;
  private final HeapRoom heap;
  private Optional<String> paused = Optional.empty();
  private long underWay;
  private int asked;

  /// @param inputs what is still to be done
  Intake(Iterator<Item> inputs, DiskRoom disks, HeapRoom heap) {
    this.inputs = inputs;
    this.disks = disks;
    this.heap = heap;
  }

  /// Why nothing is begun, in words; empty if that is not so.
  Optional<String> paused() {
    return paused;
  }

  /// Somebody has taken in what came of an input.
  void came() {
    underWay--;
  }

  @Override
  public long untilNext() {
    if (paused.isPresent() || asked++ % LOOKED_AT == 0) {
      look();
    }
    if (paused.isPresent()) {
      return BETWEEN_LOOKS;
    }
    return inputs instanceof Inlet<Item> inlet ? inlet.untilNext() : 0;
  }

  private void look() {
    long now = System.nanoTime();
    Optional<String> why = disks.shortage(now).or(() -> heap.shortage(underWay, now));
    if (!why.equals(paused)) {
      tell(why);
    }
  }

  /// Says when it begins and when it ends, not how much is missing.
  private void tell(Optional<String> why) {
    if (paused.isEmpty()) {
      LOG.log(System.Logger.Level.WARNING, "paused: {0}", why.orElse(""));
    } else if (why.isEmpty()) {
      LOG.log(System.Logger.Level.INFO, "there is room again: the run goes on");
    }
    paused = why;
  }

  @Override
  public boolean hasNext() {
    return inputs.hasNext();
  }

  @Override
  public Item next() {
    Item item = inputs.next();
    underWay++;
    return item;
  }
}

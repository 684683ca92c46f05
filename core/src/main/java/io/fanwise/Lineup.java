package io.fanwise;

import io.fanwise.work.Outcome;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// Results on their way to the consumer: put back in the order of inputs, unless that is not
/// wanted. Confined to the caller's thread.
final class Lineup {
  private final boolean ordered;
  private final Queue<Slot> inOrder = new ArrayDeque<>();
  private final Queue<Pull.Results> ready = new ArrayDeque<>();

  Lineup(boolean ordered) {
    this.ordered = ordered;
  }

  /// Gives inputs that were just read their place in line.
  void join(Slot slot) {
    if (ordered) {
      inOrder.add(slot);
    }
  }

  /// These places of a slot have been filled: makes ready what may be handed on now.
  void filled(Slot slot, int offset, int count) {
    if (ordered) {
      while (!inOrder.isEmpty() && inOrder.element().complete()) {
        Slot head = inOrder.remove();
        ready.add(new Pull.Results(head.first(), head.values()));
      }
    } else if (count > 0) {
      Object[] all = slot.values();
      Object[] some = count == all.length ? all : taken(all, offset, count);
      ready.add(new Pull.Results(slot.first() + offset, some));
    }
  }

  /// Some of a slot's results, which it no longer holds on to.
  private static Object[] taken(Object[] all, int offset, int count) {
    Object[] some = Arrays.copyOfRange(all, offset, offset + count);
    Arrays.fill(all, offset, offset + count, null);
    return some;
  }

  /// The next results to hand on; null if the head of the line is not finished.
  Pull.@Nullable Results poll() {
    return ready.poll();
  }

  boolean nothingReady() {
    return ready.isEmpty();
  }

  /// Lets everybody go; what was finished goes with the failure that ended the run.
  void disperse(Throwable error) {
    if (error instanceof TaskFailed failed) {
      ready.forEach(results -> failed.keep(results.first(), results.values()));
      inOrder.forEach(slot -> failed.keep(slot.first(), slot.values()));
    }
    ready.clear();
    inOrder.clear();
  }

  /// Adds to what ends the run the inputs that have failed and stand behind others: they have been
  /// counted, and nobody else will hear of them.
  void tellOfFailures(Throwable error) {
    ready.forEach(results -> tellOfFailures(results.values(), error));
    inOrder.forEach(slot -> tellOfFailures(slot.values(), error));
  }

  private static void tellOfFailures(Object[] outcomes, Throwable error) {
    for (Object outcome : outcomes) {
      if (outcome instanceof Outcome.Failed<?, ?> failed) {
        error.addSuppressed(TaskFailed.of(failed));
      }
    }
  }
}

package io.fanwise;

import io.fanwise.spi.Workers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The calls of a run that are with the workers. Guarded by its monitor, which is never held while
/// user code runs.
final class Flight {
  private @Nullable Dispatch newest;
  private int size;

  synchronized void add(Dispatch dispatch) {
    Dispatch before = newest;
    dispatch.previous = before;
    if (before != null) {
      before.next = dispatch;
    }
    newest = dispatch;
    size++;
  }

  synchronized void remove(Dispatch dispatch) {
    Dispatch before = dispatch.previous;
    Dispatch after = dispatch.next;
    if (before != null) {
      before.next = after;
    }
    if (after == null) {
      newest = before;
    } else {
      after.previous = before;
    }
    dispatch.previous = null;
    dispatch.next = null;
    size--;
  }

  synchronized int size() {
    return size;
  }

  /// The call that has been waiting longest, if the workers have not begun with any.
  synchronized @Nullable Dispatch oldestIfNoneBegan() {
    Dispatch oldest = null;
    for (Dispatch d = newest; d != null; d = d.previous) {
      if (d.began()) {
        return null;
      }
      oldest = d;
    }
    return oldest;
  }

  void cancel(Workers workers) {
    all().forEach(workers::cancel);
  }

  /// What they are at, longest first.
  List<Progress.Busy> busy(long now) {
    List<Progress.Busy> busy = new ArrayList<>();
    for (Dispatch dispatch : all()) {
      Progress.Busy one = dispatch.busy(now);
      if (one != null) {
        busy.add(one);
      }
    }
    busy.sort(Comparator.comparing(Progress.Busy::since).reversed());
    return busy;
  }

  private synchronized List<Dispatch> all() {
    List<Dispatch> all = new ArrayList<>(size);
    for (Dispatch d = newest; d != null; d = d.previous) {
      all.add(d);
    }
    return all;
  }
}

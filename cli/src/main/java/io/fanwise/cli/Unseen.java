package io.fanwise.cli;

import io.fanwise.cli.input.Row;
import io.fanwise.work.Task;
import java.util.Comparator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// Inputs that have failed, but stand in line behind others whose results are not there yet. When a
/// run is given up because of them, they are what has to be told. Safe for use by many threads.
final class Unseen {
  private final Map<Row, Throwable> failed = new ConcurrentHashMap<>();
  private final Stop stop;

  Unseen(Stop stop) {
    this.stop = stop;
  }

  /// The task, observed.
  <R> Task<Row, R> watching(Task<Row, R> task) {
    return row -> {
      try {
        R result = task.run(row);
        seen(row);
        return result;
      } catch (Throwable e) {
        if (!stop.asked()) { // later ones fail because they are cancelled
          failed.put(row, e);
        }
        throw e;
      }
    };
  }

  /// Forgets an input: it did well, or what became of it is known.
  void seen(Row row) {
    if (!failed.isEmpty()) {
      failed.remove(row);
    }
  }

  /// Those left, in order.
  SortedMap<Row, Throwable> failed() {
    SortedMap<Row, Throwable> inOrder = new TreeMap<>(Comparator.comparingLong(Row::number));
    if (stop.reason().filter(reason -> reason == Stop.Reason.HALTED).isPresent()) {
      inOrder.putAll(failed);
    }
    return inOrder;
  }
}

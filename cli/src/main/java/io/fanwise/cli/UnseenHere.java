package io.fanwise.cli;

import io.fanwise.rows.Row;
import io.fanwise.work.Task;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What failed in this JVM. Safe for use by many threads.
record UnseenHere(Map<Long, Miss> failed, Stop stop) implements Unseen {
  UnseenHere(Stop stop) {
    this(new ConcurrentHashMap<>(), stop);
  }

  @Override
  public <R> Task<Row, R> watching(Task<Row, R> task) {
    return row -> {
      try {
        R result = task.run(row);
        seen(row);
        return result;
      } catch (Throwable e) {
        if (!stop.asked()) {
          failed.put(row.number(), new Miss(row, e, 1));
        }
        throw e;
      }
    };
  }

  @Override
  public void seen(Row row) {
    if (!failed.isEmpty()) {
      failed.remove(row.number());
    }
  }

  /// The wish to stop says it already.
  @Override
  public void end() {}

  @Override
  public List<Miss> left() {
    return Unseen.inOrder(failed.values());
  }
}

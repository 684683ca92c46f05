package io.fanwise.cli;

import io.fanwise.rows.Row;
import io.fanwise.shared.Shared;
import io.fanwise.shared.SharedEvent;
import io.fanwise.shared.SharedMap;
import io.fanwise.work.Task;
import java.util.List;

/// What failed in worker JVMs, which tell of it by a map that they share with this one. Safe for
/// use by many threads.
///
/// @param failed by the number of the input
/// @param over set when the run is given up
/// @param again whether an input that failed may do well yet
record UnseenElsewhere(SharedMap<Long, Miss> failed, SharedEvent over, boolean again)
    implements Unseen {
  static UnseenElsewhere of(boolean again) {
    return new UnseenElsewhere(Shared.map(), Shared.event(), again);
  }

  @Override
  public <R> Task<Row, R> watching(Task<Row, R> task) {
    return new Observed<>(task, this);
  }

  @Override
  public void seen(Row row) {
    if (!failed.isEmpty()) {
      failed.remove(row.number());
    }
  }

  @Override
  public void end() {
    over.set();
  }

  @Override
  public List<Miss> left() {
    return Unseen.inOrder(failed.values());
  }

  private void failed(Row row, Throwable error) {
    try {
      if (!over.isSet()) {
        failed.put(row.number(), new Miss(row, error, 1));
      }
    } catch (RuntimeException e) {
      error.addSuppressed(e); // it is counted all the same
    }
  }

  /// The task, as it travels.
  private record Observed<R>(Task<Row, R> task, UnseenElsewhere unseen) implements Task<Row, R> {
    @Override
    public R run(Row row) throws Exception {
      R result;
      try {
        result = task.run(row);
      } catch (Exception | Error e) {
        unseen.failed(row, e);
        throw e;
      }
      if (unseen.again()) {
        unseen.seen(row);
      }
      return result;
    }
  }
}

package io.fanwise.processes;

import io.fanwise.codec.Output;
import io.fanwise.processes.worker.Frame;
import io.fanwise.processes.worker.Line;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/// The class loaders that are not there any more, by their numbers, in the order in which that
/// turned out. Workers are told of them when they get their next task.
///
/// Safe for use by many threads: guarded by `this`, which is never held while a worker is talked
/// to.
final class Unloaded {
  /// A worker that has missed more keeps what it has of them until it ends, which does no harm but
  /// to its memory.
  static final int MOST = 10_000;

  private final Origins origins;
  private final Deque<Integer> last = new ArrayDeque<>();
  private long count;

  Unloaded(Origins origins) {
    this.origins = origins;
  }

  /// How many there have been so far: a worker that starts now has none of them.
  synchronized long count() {
    for (int number : origins.gone()) {
      last.add(number);
      count++;
      if (last.size() > MOST) {
        last.remove();
      }
    }
    return count;
  }

  /// Tells a worker of those that it has not been told of, all at once: many small frames would
  /// fill the way to it sooner than a large one.
  ///
  /// @param told how many there had been when it was last told
  /// @param large called if they do not fit into one piece
  /// @return how many there have been by now
  long tell(Line worker, long told, Runnable large) throws IOException {
    int[] news;
    long now;
    synchronized (this) {
      now = count();
      int some = (int) Math.min(now - told, last.size());
      news = last.stream().skip(last.size() - some).mapToInt(Integer::intValue).toArray();
    }
    if (news.length > 0) {
      Output to = worker.begin(Frame.UNLOADED, large);
      to.i32(news.length);
      for (int number : news) {
        to.i32(number);
      }
      worker.end();
    }
    return now;
  }
}

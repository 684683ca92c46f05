package io.fanwise.pipeline;

import io.fanwise.rows.Bookmark;
import java.util.ArrayDeque;
import java.util.Deque;

/// Some places in the source that have been passed, so that a run can go on near where it stopped.
///
/// Safe for use by many threads: the one that reads adds, the one that writes takes.
final class Bookmarks {
  private final Deque<Bookmark> passed = new ArrayDeque<>();

  synchronized void add(Bookmark bookmark) {
    passed.add(bookmark);
  }

  /// The last place before which no input is unfinished; earlier ones are forgotten.
  ///
  /// @param known a place for which that holds
  synchronized Bookmark latest(Bookmark known, long firstUnfinished) {
    Bookmark latest = known;
    while (!passed.isEmpty() && passed.element().number() <= firstUnfinished) {
      latest = passed.remove();
    }
    return latest;
  }
}

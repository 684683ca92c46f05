package io.fanwise;

import io.fanwise.shared.Shared;
import io.fanwise.shared.SharedQueue;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What tasks have seen. Safe for use by many threads, in any JVM.
final class Seen<T> implements Serializable {
  private static final long serialVersionUID = 1;
  private static final int MORE_THAN_ANY_TEST_SHOWS = 1_000_000;

  private final SharedQueue<T> queue = Shared.queue(MORE_THAN_ANY_TEST_SHOWS);

  void add(T value) throws InterruptedException {
    queue.put(value);
  }

  /// What was added since this was asked last.
  List<T> all() throws InterruptedException {
    List<T> all = new ArrayList<>();
    Optional<T> next = queue.poll(Duration.ZERO);
    while (next.isPresent()) {
      all.add(next.get());
      next = queue.poll(Duration.ZERO);
    }
    return all;
  }
}

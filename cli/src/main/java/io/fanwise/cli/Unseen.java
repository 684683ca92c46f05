package io.fanwise.cli;

import io.fanwise.rows.Row;
import io.fanwise.work.Task;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// Inputs that have failed, but stand in line behind others whose results are not there yet. When a
/// run is given up because of them, they are what has to be told. Safe for use by many threads.
sealed interface Unseen permits UnseenHere, UnseenElsewhere {

  /// For a run that is given up at once when inputs fail; for any other there is nothing to see.
  static Unseen of(HowOptions how, Stop stop) {
    return how.elsewhere() && how.halt.how() == Halt.How.NOW
        ? UnseenElsewhere.of(how.retries > 0)
        : new UnseenHere(stop);
  }

  /// An input that failed, and why.
  record Miss(Row input, Throwable error) {}

  /// The task, observed.
  <R> Task<Row, R> watching(Task<Row, R> task);

  /// Forgets an input: it did well, or what became of it is known.
  void seen(Row row);

  /// The run is given up: what fails from now on fails because it is cancelled.
  void end();

  /// Those left, in order.
  List<Miss> left();

  /// In the order of inputs.
  static List<Miss> inOrder(Collection<Miss> all) {
    return all.stream()
        .sorted(Comparator.comparingLong((Miss miss) -> miss.input().number()))
        .toList();
  }
}

package io.fanwise.cli;

import static java.util.Objects.requireNonNull;

import io.fanwise.TaskFailed;
import io.fanwise.rows.Row;
import io.fanwise.work.Task;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
  ///
  /// @param attempts how often it was tried, as far as is known
  record Miss(Row input, Throwable error, int attempts) {}

  /// The task, observed.
  <R> Task<Row, R> watching(Task<Row, R> task);

  /// Forgets an input: it did well, or what became of it is known.
  void seen(Row row);

  /// The run is given up: what fails from now on fails because it is cancelled.
  void end();

  /// Those left, in order.
  List<Miss> left();

  /// Those left, and those that the end of the run tells of: a worker that was lost cannot tell of
  /// its input itself. In order.
  default List<Miss> left(Throwable end) {
    Map<Long, Miss> all = new HashMap<>();
    left().forEach(miss -> all.put(miss.input().number(), miss));
    for (Throwable suppressed : end.getSuppressed()) {
      if (suppressed instanceof TaskFailed failed && failed.input() instanceof Row input) {
        all.put(
            input.number(), new Miss(input, requireNonNull(failed.getCause()), failed.attempts()));
      }
    }
    return inOrder(all.values());
  }

  /// In the order of inputs.
  static List<Miss> inOrder(Collection<Miss> all) {
    return all.stream()
        .sorted(Comparator.comparingLong((Miss miss) -> miss.input().number()))
        .toList();
  }
}

package io.fanwise;

import io.fanwise.work.Failure;
import io.fanwise.work.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The task failed on one of the inputs, so the run was ended.
///
/// The cause is what the task threw, its stack trace whole, or [io.fanwise.work.TaskTimedOut].
/// Other inputs that failed before everything had stopped are suppressed exceptions of the same
/// type.
public final class TaskFailed extends RuntimeException {
  private static final long serialVersionUID = 1;
  private static final int LONGEST_INPUT = 120;
  private static final int LONGEST = 2_000;

  private final transient Object input;

  /// Where the input stood.
  private final long index;

  /// How often it was tried.
  private final int attempts;

  /// Who made the last attempt.
  private final String worker;

  private final transient @Nullable List<Pull.Results> finished = new ArrayList<>();

  TaskFailed(Object input, long index, int attempts, String worker, Throwable cause) {
    super(message(input, index, attempts, cause), cause);
    this.input = input;
    this.index = index;
    this.attempts = attempts;
    this.worker = worker;
  }

  static TaskFailed of(Outcome.Failed<?, ?> outcome) {
    return new TaskFailed(
        outcome.input(),
        outcome.index(),
        outcome.attempts(),
        outcome.execution().worker(),
        outcome.error());
  }

  /// The input it failed on.
  ///
  /// @return the input, as it was read
  public Object input() {
    return input;
  }

  /// Where among the inputs that one stood.
  ///
  /// @return its position, from 0
  public long index() {
    return index;
  }

  /// How often it was tried.
  ///
  /// @return 1 if it was not retried
  public int attempts() {
    return attempts;
  }

  /// Who made the last attempt.
  ///
  /// @return the name of the worker
  public String worker() {
    return worker;
  }

  /// What was finished when the run ended: nothing of it is lost. From a stream, it is what had not
  /// been handed on.
  ///
  /// @return the results by the index of their input, in order
  public SortedMap<Long, Object> results() {
    SortedMap<Long, Object> results = new TreeMap<>();
    for (Pull.Results some : finished == null ? List.<Pull.Results>of() : finished) {
      for (int i = 0; i < some.values().length; i++) {
        Object value = some.values()[i];
        if (value != null && !(value instanceof Failure)) {
          results.put(some.first() + i, value);
        }
      }
    }
    return results;
  }

  void keep(long first, Object[] values) {
    Objects.requireNonNull(finished).add(new Pull.Results(first, values));
  }

  private static String message(Object input, long index, int attempts, Throwable cause) {
    String tries = attempts == 1 ? "" : " after " + attempts + " attempts";
    return "Task failed on input " + index + ", " + shown(input) + tries + ": " + brief(cause);
  }

  private static String brief(Throwable cause) {
    String name = cause.getClass().getSimpleName();
    String text;
    try {
      text = cause.getMessage();
    } catch (Throwable e) {
      text = "(its getMessage threw " + e.getClass().getName() + ")";
    }
    if (text == null || text.isEmpty()) {
      return name;
    }
    return name + ": " + (text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…");
  }

  /// An input in a message: short, on one line, whatever its `toString` does.
  static String shown(Object input) {
    String text;
    try {
      text = String.valueOf((Object) input.toString());
    } catch (Throwable e) {
      text = input.getClass().getName() + " (its toString threw " + e.getClass().getName() + ")";
    }
    String line = text.replace("\r\n", "⏎").replace('\n', '⏎');
    return line.length() <= LONGEST_INPUT ? line : line.substring(0, LONGEST_INPUT) + "…";
  }
}

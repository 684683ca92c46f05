package io.fanwise.work;

import java.io.Serializable;
import java.time.Duration;
import java.util.Arrays;

/// Consecutive inputs that travel to a worker together, with the task to be run on each of them.
///
/// Immutable.
public final class Batch implements Serializable {
  private static final long serialVersionUID = 1;

  /// What to run.
  private final Task<Object, Object> task;

  /// What to run it on.
  private final Inputs inputs;

  /// The index of the first input in the whole run.
  private final long first;

  /// What holds for every attempt.
  private final Rules rules;

  /// What holds for every attempt of a run.
  ///
  /// @param timeout the time an attempt may take; zero if it may take as long as it likes
  /// @param grace how long a timed-out attempt has to heed its interrupt before its worker is given
  ///   up
  /// @param timed whether the duration of each attempt is wanted, not only that of the batch
  /// @param stopAtFailure whether the inputs behind a failed one are left alone
  public record Rules(Duration timeout, Duration grace, boolean timed, boolean stopAtFailure)
      implements Serializable {}

  /// A batch of inputs.
  ///
  /// @param task what to run
  /// @param inputs what to run it on
  /// @param first the index of the first of them in the whole run
  /// @param rules what holds for every attempt
  @SuppressWarnings("unchecked") // whoever made the run has checked that the task takes the inputs
  public Batch(Task<?, ?> task, Inputs inputs, long first, Rules rules) {
    this.task = (Task<Object, Object>) task;
    this.inputs = inputs;
    this.first = first;
    this.rules = rules;
  }

  /// How many inputs there are.
  ///
  /// @return at least 1
  public int size() {
    return inputs.size();
  }

  /// The index of the first input in the whole run.
  ///
  /// @return from 0
  public long first() {
    return first;
  }

  /// One of the inputs.
  ///
  /// @param offset 0 for the first
  /// @return the input
  public Object input(int offset) {
    return inputs.get(offset);
  }

  /// The inputs themselves.
  ///
  /// @return all of them
  public Inputs inputs() {
    return inputs;
  }

  /// What is to be run.
  ///
  /// @return the task, as the workers got it ready
  public Task<Object, Object> task() {
    return task;
  }

  /// What holds for every attempt.
  ///
  /// @return the rules of the run
  public Rules rules() {
    return rules;
  }

  /// What came of a batch, as far as it was run: for each input a result or a [Failure].
  ///
  /// Not changed after it was made.
  public static final class Result implements Serializable {
    private static final long serialVersionUID = 1;

    /// A result or [Failure] for each input that was run.
    private final Object[] results;

    /// How many inputs were run.
    private final int ran;

    /// How many of these failed.
    private final int failed;

    /// How long the worker was busy.
    private final long nanos;

    /// How long each input took, if that was measured.
    private final long[] each;

    /// Who ran them.
    private final String worker;

    /// Who ran the last of them.
    private final String lastWorker;

    /// The result of running some or all of a batch.
    ///
    /// @param results a result or [Failure] for each input that was run; kept, not copied
    /// @param ran how many inputs were run: those from the first on
    /// @param failed how many of these are failures
    /// @param nanos how long the worker was busy with them, in nanoseconds
    /// @param each how long each of them took, in nanoseconds; empty if nobody wants to know
    /// @param worker who ran them
    public Result(Object[] results, int ran, int failed, long nanos, long[] each, String worker) {
      this(results, ran, failed, nanos, each, worker, worker);
    }

    private Result(
        Object[] results,
        int ran,
        int failed,
        long nanos,
        long[] each,
        String worker,
        String lastWorker) {
      this.results = results;
      this.ran = ran;
      this.failed = failed;
      this.nanos = nanos;
      this.each = each;
      this.worker = worker;
      this.lastWorker = lastWorker;
    }

    /// The same and the next input of the batch, which had failed before, on a worker that is lost.
    ///
    /// @param failure what became of it
    /// @param lost who ran it
    /// @return a copy
    public Result and(Failure failure, String lost) {
      Object[] more = Arrays.copyOf(results, ran + 1);
      more[ran] = failure;
      long[] times = each.length == 0 ? each : Arrays.copyOf(each, ran + 1);
      return new Result(more, ran + 1, failed + 1, nanos, times, worker, lost);
    }

    /// Results and [Failure]s, in the order of inputs.
    ///
    /// @return the array, not a copy; nothing behind [#ran] counts
    public Object[] results() {
      return results;
    }

    /// How many inputs were run; the others may be run again.
    ///
    /// @return 0 when the batch was cancelled before it began
    public int ran() {
      return ran;
    }

    /// How many of them failed.
    ///
    /// @return 0 if all went well
    public int failed() {
      return failed;
    }

    /// How long the worker was busy.
    ///
    /// @return nanoseconds
    public long nanos() {
      return nanos;
    }

    /// How long each of the inputs took, if that was measured.
    ///
    /// @return nanoseconds; the array, not a copy; empty if nobody wanted to know
    public long[] each() {
      return each;
    }

    /// How long one of the inputs took.
    ///
    /// @param offset 0 for the first
    /// @return nanoseconds; a fair share of the whole if it was not measured
    public long nanos(int offset) {
      return each.length > offset ? each[offset] : nanos / Math.max(ran, 1);
    }

    /// Who ran them.
    ///
    /// @return the name of the worker; of the last input another may have been
    public String worker() {
      return worker;
    }

    /// Who ran one of the inputs.
    ///
    /// @param offset 0 for the first
    /// @return the name of the worker
    public String worker(int offset) {
      return offset == ran - 1 ? lastWorker : worker;
    }
  }
}

package io.fanwise.cli;

import io.fanwise.Fan;
import io.fanwise.Rate;
import io.fanwise.Retry;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Option;

/// How hard to push: what becomes a [Fan]. Confined to the thread that runs the command.
final class HowOptions {
  /// The name under which the caller's own thread does the work.
  static final String SEQUENTIAL = "sequential";

  /// The name under which worker JVMs do.
  static final String PROCESSES = "processes";

  @Option(
      names = {"-j", "--jobs"},
      paramLabel = "N",
      description =
          "How many at the same time: 8, -1 for all cores, -2 for all but one, 200%% of them."
              + " Default: -1.")
  Jobs jobs = Jobs.ALL;

  @Option(
      names = "--on",
      paramLabel = "NAME",
      description = "What runs them: threads, virtual, processes, sequential. Default: threads.")
  String on = "threads";

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description = "Stop an attempt that takes longer: 500ms, 10s, 2m, 1h30m.")
  Optional<Duration> timeout = Optional.empty();

  @Option(
      names = "--retries",
      paramLabel = "N",
      description = "Try what fails so many times more. Default: 0.")
  int retries;

  @Option(
      names = "--backoff",
      paramLabel = "TIME..TIME",
      description =
          "Wait before trying again: at random up to the first time, twice as long with each attempt,"
              + " not longer than the second. Default: 100ms..10s.")
  Backoff backoff = Backoff.STANDARD;

  @Option(
      names = "--rate",
      paramLabel = "N/UNIT",
      description = "Start at most so many attempts: 100/s, 6000/m, 10/500ms.")
  Optional<Rate> rate = Optional.empty();

  @Option(
      names = "--halt",
      paramLabel = "WHEN",
      description =
          "Give up when inputs fail: now,fail=3 cancels what runs; soon,fail=10%% waits for it and"
              + " starts nothing new. A percentage counts from 20 inputs on. Default: never.")
  Halt halt = Halt.NEVER;

  @Option(
      names = "--unordered",
      description = "Write results as they finish, not in the order of inputs.")
  boolean unordered;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Hand out so many inputs at a time. Default: measured.")
  Optional<Integer> batch = Optional.empty();

  @Option(
      names = "--window",
      paramLabel = "N",
      description =
          "Read at most so many inputs ahead of the results written. Default: 100 per job, or more.")
  Optional<Integer> window = Optional.empty();

  /// In words: `2 at a time, on threads`.
  String told() {
    return sequential() ? "one by one" : jobs.count() + " at a time, on " + on;
  }

  boolean sequential() {
    return on.equals(SEQUENTIAL);
  }

  /// Whether tasks run in other JVMs.
  boolean elsewhere() {
    return on.equals(PROCESSES);
  }

  /// The fan.
  ///
  /// @param where the workers, and nothing else said of them
  /// @param grace how long an attempt has from being interrupted to being given up
  /// @param worthwhile says which errors are worth another attempt
  Fan fan(Fan where, Duration grace, UnaryOperator<Retry> worthwhile) {
    Fan fan = where;
    if (unordered) {
      fan = fan.unordered();
    }
    if (batch.isPresent()) {
      fan = fan.batch(batch.get());
    }
    if (window.isPresent()) {
      fan = fan.window(window.get());
    }
    if (timeout.isPresent()) {
      fan = fan.timeout(timeout.get(), grace);
    }
    if (rate.isPresent()) {
      fan = fan.rate(rate.get());
    }
    Retry retry = Retry.times(retries).backoff(backoff.first(), backoff.most());
    return retries == 0 ? fan : fan.retry(worthwhile.apply(retry));
  }
}

package io.fanwise.cli;

import io.fanwise.Fan;
import io.fanwise.Rate;
import io.fanwise.Retry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Option;

/// How hard to push: what becomes a [Fan]. Confined to the thread that runs the command.
final class HowOptions {
  /// The name under which the caller's own thread does the work.
  static final String SEQUENTIAL = "sequential";

  /// The name under which worker JVMs do.
  static final String PROCESSES = "processes";

  /// The name under which virtual threads do.
  static final String VIRTUAL = "virtual";

  private static final String THREADS = "threads";

  /// As many as [Fan#virtualThreads()] has.
  private static final int MOST_VIRTUAL = 10_000;

  /// So many threads a core, or programs, are in memory at most while it is found out how many pay;
  /// tasks that wait longer than that allows for are better off on virtual threads. Reasoned, not
  /// measured.
  private static final int MOST_PER_CORE = 32;

  @Option(
      names = {"-j", "--jobs"},
      paramLabel = "N",
      description =
          "How many at the same time: 8, -1 for all cores, -2 for all but one, 200%% of them, auto for as"
              + " many as pay, auto:500 for at most 500. Default: -1, and auto on virtual threads.")
  Optional<Jobs> jobs = Optional.empty();

  @Option(
      names = "--on",
      paramLabel = "NAME",
      description =
          "What runs them: threads, virtual, processes, sequential. Default: threads, and virtual for"
              + " http.")
  Optional<String> where = Optional.empty();

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
      split = ",",
      description =
          "Start at most so many attempts: 100/s, 6000/m, 10/500ms; several with commas between: all of"
              + " them hold.")
  List<Rate> rates = new ArrayList<>();

  @Option(
      names = "--breaker",
      description =
          "Pause while most attempts fail with what is worth another one, instead of using up all"
              + " inputs; try now and then with one.")
  boolean breaker;

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

  /// Where they are run if nobody says it.
  String usual = THREADS;

  /// Where they are run.
  String on() {
    return where.orElse(usual);
  }

  /// How many are run at the same time.
  Jobs jobs() {
    return jobs.orElse(on().equals(VIRTUAL) ? Jobs.auto() : Jobs.all());
  }

  /// How many there are at most.
  int most() {
    return switch (jobs()) {
      case Jobs.Fixed(int count) -> count;
      case Jobs.Auto(_, OptionalInt most) ->
          most.orElse(on().equals(VIRTUAL) ? MOST_VIRTUAL : MOST_PER_CORE * Jobs.CORES);
    };
  }

  /// In words: `2 at a time, on threads`.
  String told() {
    if (sequential()) {
      return "one by one";
    }
    return switch (jobs()) {
      case Jobs.Fixed(int count) -> count + " at a time, on " + on();
      case Jobs.Auto _ -> "as many at a time as pay, at most %d, on %s".formatted(most(), on());
    };
  }

  boolean sequential() {
    return on().equals(SEQUENTIAL);
  }

  /// Whether tasks run in other JVMs.
  boolean elsewhere() {
    return on().equals(PROCESSES);
  }

  /// The fan.
  ///
  /// @param workers where it is, and nothing else said of them
  /// @param grace how long an attempt has from being interrupted to being given up
  /// @param worthwhile says which errors are worth another attempt
  Fan fan(Fan workers, Duration grace, UnaryOperator<Retry> worthwhile) {
    Fan fan = timeless(workers, worthwhile);
    return timeout.isPresent() ? fan.timeout(timeout.get(), grace) : fan;
  }

  /// The fan, for attempts that watch their time by themselves.
  ///
  /// @param workers where it is, and nothing else said of them
  /// @param worthwhile says which errors are worth another attempt
  Fan timeless(Fan workers, UnaryOperator<Retry> worthwhile) {
    Fan fan = sequential() ? workers : jobs().on(workers);
    if (unordered) {
      fan = fan.unordered();
    }
    if (batch.isPresent()) {
      fan = fan.batch(batch.get());
    }
    if (window.isPresent()) {
      fan = fan.window(window.get());
    }
    if (!rates.isEmpty()) {
      fan = fan.rate(rates.toArray(Rate[]::new));
    }
    if (breaker) {
      fan = fan.breaker();
    }
    Retry retry = Retry.times(retries).backoff(backoff.first(), backoff.most());
    return retries == 0 && !breaker ? fan : fan.retry(worthwhile.apply(retry));
  }
}

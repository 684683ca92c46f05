package io.fanwise.cli;

import static java.util.Objects.requireNonNull;

import io.fanwise.Fan;
import io.fanwise.Progress;
import io.fanwise.TaskFailed;
import io.fanwise.cli.output.BadOutput;
import io.fanwise.cli.output.Failures;
import io.fanwise.cli.output.Results;
import io.fanwise.rows.Row;
import io.fanwise.work.Execution;
import io.fanwise.work.Outcome;
import io.fanwise.work.Outcome.Done;
import io.fanwise.work.Outcome.Failed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Spliterator;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One run of the command: inputs go in, records come out, what fails is counted and told.
///
/// Confined to the thread that runs the command; what comes from elsewhere comes by [Stop].
///
/// @param <R> the type of results
final class Session<R> {
  private final Work<R> work;
  private final Feed feed;
  private final Total total;
  private final Results results;
  private final Optional<Failures> failures;
  private final Optional<Path> failuresFile;
  private final Halt halt;
  private final Unseen unseen;
  private final Stop stop;
  private final Screen screen;
  private final ProgressView view;
  private final Reports reports;
  private final boolean json;
  private final long begun = System.nanoTime();

  private @Nullable Progress latest;
  private @Nullable RuntimeException fatal;
  private long done;
  private long failed;

  /// What a session needs.
  record Means<R>(
      Work<R> work,
      Feed feed,
      Results results,
      Optional<Failures> failures,
      Optional<Path> failuresFile,
      Halt halt,
      Unseen unseen,
      Stop stop,
      Screen screen,
      ProgressView view,
      Reports reports) {}

  Session(Means<R> means) {
    this.work = means.work();
    this.feed = means.feed();
    this.total = new Total(feed);
    this.results = means.results();
    this.failures = means.failures();
    this.failuresFile = means.failuresFile();
    this.halt = means.halt();
    this.unseen = means.unseen();
    this.stop = means.stop();
    this.screen = means.screen();
    this.view = means.view();
    this.reports = means.reports();
    this.json = view.json();
  }

  /// Runs it to its end, or to where it is stopped; returns what to tell the shell.
  int run(Fan fan) {
    boolean watched = halt.how() == Halt.How.NOW;
    List<Unseen.Miss> missed = List.of();
    try (Stream<Outcome<Row, R>> outcomes =
        fan.progress(this::tick)
            .outcomes(feed, watched ? unseen.watching(work.task()) : work.task())) {
      Spliterator<Outcome<Row, R>> each = outcomes.spliterator();
      Consumer<Outcome<Row, R>> accept =
          outcome -> {
            unseen.seen(outcome.input());
            accept(outcome);
          };
      while (!stop.asked() && each.tryAdvance(accept)) {
        // each outcome is accepted as it comes
      }
      if (halted()) {
        acceptTheRest(each, accept);
      }
    } catch (CancellationException e) {
      if (!stop.asked()) {
        throw e;
      }
      if (halted()) {
        missed = unseen.left(e);
      }
    } catch (TaskFailed e) { // that others would fail too: any other failure is an outcome
      fatal(new Hopeless(Say.stopped(requireNonNull(e.getCause())), e));
    } catch (IllegalArgumentException | IllegalStateException e) {
      if (!work.unworkable(e)) {
        throw e;
      }
      fatal(e);
    } finally {
      Thread.interrupted(); // it has been heeded
    }
    missed.forEach(miss -> failed(miss.input(), miss.error(), miss.attempts()));
    finish();
    return exitCode();
  }

  /// What the run has handed over; it ends when it is asked for more, and tells what else failed.
  private void acceptTheRest(Spliterator<Outcome<Row, R>> each, Consumer<Outcome<Row, R>> accept) {
    Consumer<Outcome<Row, R>> calmly =
        outcome -> {
          Thread.interrupted(); // writing with the flag set would close the file
          accept.accept(outcome);
        };
    do {
      Thread.currentThread().interrupt();
    } while (each.tryAdvance(calmly));
  }

  private void accept(Outcome<Row, R> outcome) {
    switch (outcome) {
      case Done(var input, var result, var execution) -> {
        if (write(input, result, execution)) {
          done++;
        }
      }
      case Failed(var input, var error, var execution) -> {
        if (done == 0 && work.hopeless(error)) {
          failed++;
          fatal(new Hopeless(Say.briefly(error), error));
        } else {
          work.failed(error).ifPresent(result -> write(input, result, execution));
          failed(input, error, execution.attempts());
        }
      }
    }
  }

  /// No other input would do better.
  private static final class Hopeless extends RuntimeException {
    private static final long serialVersionUID = 1;

    Hopeless(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /// Writes a record; one that does not fit is an input that failed.
  private boolean write(Row input, R result, Execution execution) {
    try {
      results.write(work.record(result), execution.attempts(), execution.duration());
      pass(work.aside(result));
      return true;
    } catch (BadOutput e) {
      if (e.getCause() == null) {
        failed(input, e, execution.attempts());
      } else {
        broken(e);
      }
      return false;
    }
  }

  /// On a terminal, what a program printed comes before what it said about it.
  private void pass(byte[] aside) {
    if (aside.length > 0) {
      flush();
      screen.pass(aside);
    }
  }

  private void failed(Row input, Throwable error, int attempts) {
    failed++;
    reports.failed(input, error, attempts);
    try {
      failures.ifPresent(kept -> kept.write(input, error, attempts));
    } catch (BadOutput e) {
      broken(e);
    }
    heed(halt.reached(failed, done + failed));
  }

  private void heed(boolean tooMany) {
    if (tooMany) {
      switch (halt.how()) {
        case NOW -> {
          if (stop.ask(Stop.Reason.HALTED)) {
            unseen.end();
          }
        }
        case SOON -> feed.end();
        case NEVER -> throw new AssertionError("halted for nothing");
      }
    }
  }

  private boolean halted() {
    return stop.reason().filter(reason -> reason == Stop.Reason.HALTED).isPresent();
  }

  private void broken(BadOutput e) {
    if (e.brokenPipe()) {
      stop.ask(Stop.Reason.NOBODY_READS);
    } else {
      fatal(e);
    }
  }

  private void fatal(RuntimeException e) {
    if (stop.ask(Stop.Reason.BROKEN)) {
      fatal = e;
    }
  }

  /// Called a few times a second while the run waits: shows what there is to see, and stops the run
  /// if it must.
  private void tick(Progress progress) {
    latest = progress;
    flush();
    Counts counts = counts(progress);
    if (counts.elapsed().toSeconds() >= 1 && view.sumsUp()) {
      total.find();
    }
    if (!progress.finished()) {
      view.show(counts);
      heed(halt.reached(progress.failed(), progress.done() + progress.failed()));
    }
    if (stop.asked()) {
      Thread.currentThread().interrupt();
    }
  }

  private void flush() {
    try {
      results.flush();
      failures.ifPresent(Failures::flush);
    } catch (BadOutput e) {
      broken(e);
    }
  }

  private Counts counts(Progress progress) {
    return new Counts(
        progress.done(),
        progress.failed(),
        progress.retried(),
        progress.pushedBack(),
        progress.running().size(),
        progress.limit(),
        total.count(),
        progress.rate(),
        progress.elapsed(),
        Optional.empty());
  }

  private void finish() {
    try {
      results.close();
      failures.ifPresent(Failures::close);
    } catch (BadOutput e) {
      broken(e);
    }
    reports.sumUp(
        failuresFile
            .map(file -> Failures.errorsBeside(file) + " has them all")
            .orElse("--failures FILE keeps them all"));
    feed.broken().ifPresent(this::fatal);
    if (fatal != null) {
      screen.say("fan: " + fatal.getMessage());
    }
    screen.clear();
    if (view.sumsUp()) {
      sumUp();
    }
  }

  private void sumUp() {
    long retried = latest == null ? 0 : latest.retried();
    long pushedBack = latest == null ? 0 : latest.pushedBack();
    int limit = latest == null ? 0 : latest.limit();
    Counts counts =
        new Counts(
            done,
            failed,
            retried,
            pushedBack,
            0,
            limit,
            total.count(),
            (done + failed) * 1e9 / (System.nanoTime() - begun),
            Duration.ofNanos(System.nanoTime() - begun),
            Optional.empty());
    if (json) {
      screen.say(ProgressView.Json.object(counts, true));
    } else {
      String why = stop.reason().map(reason -> reason + ": ").orElse("");
      screen.say("fan: " + why + counts.summary());
    }
  }

  private int exitCode() {
    int ended = failed > 0 ? ExitCodes.SOME_FAILED : ExitCodes.GOOD;
    return switch (stop.reason().orElse(Stop.Reason.NOBODY_READS)) {
      case INTERRUPTED -> ExitCodes.INTERRUPTED;
      case TERMINATED -> ExitCodes.TERMINATED;
      case BROKEN -> ExitCodes.NOT_RUN;
      case HALTED, NOBODY_READS -> ended;
    };
  }
}

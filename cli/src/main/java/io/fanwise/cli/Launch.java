package io.fanwise.cli;

import io.fanwise.Fan;
import io.fanwise.cli.output.BadOutput;
import io.fanwise.cli.output.Failures;
import io.fanwise.cli.output.Results;
import io.fanwise.rows.Inputs;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/// Puts a run together. Confined to the thread that runs the command.
///
/// @param streams what the command reads and writes
/// @param stop who may stop it
record Launch(Streams streams, Stop stop) {

  /// Opens the inputs; says so if somebody may be waiting for the other to begin.
  Feed feed(RunOptions options, List<String> files) {
    boolean typed = files.isEmpty() || files.contains(Inputs.STANDARD_INPUT);
    Inputs inputs = options.input.open(files, streams.in());
    if (typed && !options.show.quiet && streams.terminal().input()) {
      new Screen(streams.err()).say("fan: reading what you type; end it with Ctrl-D");
    }
    return new Feed(inputs, () -> options.input.open(files, InputStream.nullInputStream()), stop);
  }

  /// Runs the work on the inputs; returns what to tell the shell.
  <R> int run(Work<R> work, Fan fan, Feed feed, RunOptions options) {
    Screen screen = new Screen(streams.err());
    ProgressView view = options.show.view(screen, streams.terminal());
    OutputStream out =
        view instanceof Bar && streams.terminal().output()
            ? screen.beside(streams.out())
            : streams.out();
    Results results = options.output.results(out, feed.inputs());
    return new Session<>(
            new Session.Means<>(
                where(work, options.how),
                feed,
                results,
                failures(options, feed.inputs(), results),
                options.output.failures,
                options.how.halt,
                Unseen.of(options.how, stop),
                stop,
                screen,
                view,
                new Reports(screen, options.show)))
        .run(fan);
  }

  private <R> Work<R> where(Work<R> work, HowOptions how) {
    if (how.elsewhere()) {
      return new InOtherJvms<>(work);
    }
    return how.sequential() ? new OnThisThread<>(work, stop) : work;
  }

  private static Optional<Failures> failures(RunOptions options, Inputs inputs, Results results) {
    try {
      return options.output.failures(inputs, options.input);
    } catch (BadOutput e) {
      results.close();
      throw e;
    }
  }
}

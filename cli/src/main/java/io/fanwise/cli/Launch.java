package io.fanwise.cli;

import io.fanwise.Fan;
import io.fanwise.cli.output.BadOutput;
import io.fanwise.cli.output.Failures;
import io.fanwise.cli.output.Results;
import io.fanwise.rows.Inputs;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ParameterException;

/// Puts a run together. Confined to the thread that runs the command.
///
/// @param streams what the command reads and writes
/// @param stop who may stop it
/// @param typed what the user typed
record Launch(Streams streams, Stop stop, List<String> typed) {

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
  ///
  /// @param files the names of the inputs
  <R> int run(Work<R> work, Fan fan, Feed feed, List<String> files, RunOptions options) {
    Screen screen = new Screen(streams.err());
    ProgressView view = options.show.view(screen, streams.terminal());
    if (options.input.sample.isPresent()) {
      return sample(options.input.sample.get(), work, fan, feed, options, screen, view);
    }
    Optional<Path> file = options.output.file.filter(Launch::grows);
    if (file.isEmpty()) {
      options.refusePointless();
    }
    if (file.isPresent()) {
      Results.check(file.get(), feed.inputs().files());
      FeedSource source = new FeedSource(feed, files, options.input);
      Work<R> there = where(work, options.how);
      return new KeptRun<>(there, source, file.get(), options, typed, stop, screen, view).run(fan);
    }
    Results results = options.output.results(beside(screen, view), feed.inputs());
    Optional<Failures> failures = failures(options, feed.inputs(), results);
    return session(work, feed, results, failures, options, screen, view).run(fan);
  }

  private <R> int sample(
      int size,
      Work<R> work,
      Fan fan,
      Feed feed,
      RunOptions options,
      Screen screen,
      ProgressView view) {
    if (size < 1) {
      throw new ParameterException(
          options.command.commandLine(), "--sample must be at least 1, was " + size);
    }
    Sample sample = Sample.take(size, feed);
    feed.broken()
        .ifPresent(broken -> {
          throw broken;
        });
    CountingStream out = new CountingStream(beside(screen, view));
    Results results = Results.standard(out, options.output.writing());
    Feed some = feed.only(sample.rows());
    long begun = System.nanoTime();
    int code = session(work, some, results, Optional.empty(), options, screen, view).run(fan);
    if (view.sumsUp()) {
      screen.say("fan: " + sample.told((System.nanoTime() - begun) / 1e9, out.count()));
    }
    return code;
  }

  private OutputStream beside(Screen screen, ProgressView view) {
    return view instanceof Bar && streams.terminal().output()
        ? screen.beside(streams.out())
        : streams.out();
  }

  private <R> Session<R> session(
      Work<R> work,
      Feed feed,
      Results results,
      Optional<Failures> failures,
      RunOptions options,
      Screen screen,
      ProgressView view) {
    return new Session<>(
        new Session.Means<>(
            where(work, options.how),
            feed,
            results,
            failures,
            options.output.failures,
            options.how.halt,
            Unseen.of(options.how, stop),
            stop,
            screen,
            view,
            new Reports(screen, options.show)));
  }

  /// Whether a file is one that can be gone on with; a pipe or a device is not.
  private static boolean grows(Path file) {
    return Files.isRegularFile(file) || !Files.exists(file) || Files.isDirectory(file);
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

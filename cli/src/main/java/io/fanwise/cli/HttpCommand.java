package io.fanwise.cli;

import io.fanwise.Fan;
import io.fanwise.Retry;
import io.fanwise.cli.output.Rendered;
import io.fanwise.cli.output.Rendering;
import io.fanwise.http.Http;
import io.fanwise.http.HttpFailed;
import io.fanwise.rows.Format;
import io.fanwise.rows.Inputs;
import io.fanwise.rows.Row;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `fan http`: a call of a web service for each input.
@Command(
    name = "http",
    customSynopsis = "fan http [OPTION...] REQUEST [FILE...]",
    sortOptions = false,
    exitCodeListHeading = "%nExit code%n",
    exitCodeList = {
      ExitCodes.GOOD + ":all inputs are done (or nobody reads the results any more)",
      ExitCodes.SOME_FAILED + ":some inputs failed",
      ExitCodes.NOT_RUN
          + ":the command, the request or an input makes no sense, results cannot be written, or the"
          + " service lets nobody in (a wrong key)",
      ExitCodes.OURS + ":an error in fan itself",
      ExitCodes.INTERRUPTED + ":Ctrl-C: what was finished is written; a second Ctrl-C ends at once",
      ExitCodes.TERMINATED + ":the same by SIGTERM"
    },
    header = "Calls a web service for every input, in parallel.",
    description = {
      "",
      "  fan http 'GET https://api.example.org/items/{id}' items.csv -o answers.jsonl",
      "  fan http {} urls.txt --save pages/",
      "",
      "REQUEST is one argument: the method and the URL, or a URL alone. In it, in headers, bodies and",
      "names of files stand",
      "",
      "  {id}            a column, or a property",
      "  {/user/id}      one inside another, by JSON pointer",
      "  {}              the input itself; in JSON, {line}",
      "  {index} {run}   the number of the input, from 0; the name of the run",
      "  {env:TOKEN}     a secret: what a variable of the environment holds; {file:PATH}: a file",
      "",
      "Each is written as its place demands, so no input can add to the request. A status from 200 to",
      "299 is an answer; the body is the result, one record for each input.",
      ""
    })
final class HttpCommand implements Callable<Integer> {
  private static final int SHOWN = 3;

  private final Launch launch;

  @Parameters(
      index = "0",
      paramLabel = "REQUEST",
      description = "What to ask for each input, such as 'GET https://api.example.org/items/{id}'.")
  String request = "";

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "FILE",
      description = "Inputs; - or none is standard input. gzip and zstd are unpacked.")
  List<String> files = List.of();

  @Mixin RequestOptions asked = new RequestOptions();

  @Mixin AnswerOptions answers = new AnswerOptions();

  @Mixin ConnectionOptions connection = new ConnectionOptions();

  @Mixin RunOptions options = new RunOptions();

  @Spec CommandSpec spec = CommandSpec.create();

  HttpCommand(Launch launch) {
    this.launch = launch;
  }

  @Override
  public Integer call() {
    options.how.usual = HowOptions.VIRTUAL;
    requireThreads();
    Calls calls = calls();
    Feed feed = launch.feed(options, files);
    try (Inputs inputs = feed.inputs()) {
      check(calls.http(), inputs.format(), feed);
      if (options.dryRun) {
        return show(calls.http(), feed);
      }
      Work<Rendered> work =
          new HttpWork(calls.http(), calls.selecting(), new Rendering(options.output.writing()));
      return launch.run(selective(work, inputs), calls.fan(), feed, files, options);
    }
  }

  /// What is to be called, and how hard.
  private record Calls(Http http, Selecting selecting, Fan fan) {}

  private Calls calls() {
    try {
      Http judging = answers.judging(asked.http(request));
      Http http = connection.connecting(judging, options.how.timeout, System.getenv());
      connection.perHost.forEach(rate -> options.how.rates.add(rate.per(http::server)));
      Fan workers = Fan.on(options.how.on(), options.how.most());
      return new Calls(
          http, answers.selecting(), options.how.timeless(workers, HttpCommand::worthwhile));
    } catch (IllegalArgumentException e) {
      throw refused(e);
    }
  }

  private ParameterException refused(RuntimeException e) {
    return new ParameterException(spec.commandLine(), e.getMessage(), e);
  }

  /// With what `--where` says.
  private Work<Rendered> selective(Work<Rendered> work, Inputs inputs) {
    if (options.input.where.isEmpty()) {
      return work;
    }
    Condition where =
        Condition.compile(options.input.where.get(), inputs.format(), List.of(), options.how);
    return new Selective<>(work, where, new Rendered.Silent());
  }

  private static Retry worthwhile(Retry retry) {
    return retry.on(error -> error instanceof HttpFailed failed && failed.retryable());
  }

  private void requireThreads() {
    if (options.how.elsewhere()) {
      throw new ParameterException(
          spec.commandLine(),
          "calls are made on virtual threads, threads or sequential, not on processes");
    }
  }

  /// Refuses fields that inputs will not have, before anything runs.
  private void check(Http http, Format format, Feed feed) {
    Optional<Row> first = format == Format.JSONL ? Optional.empty() : feed.first();
    try {
      first.ifPresent(http::shown);
    } catch (NoSuchElementException e) {
      throw refused(e);
    } catch (IllegalArgumentException e) {
      return; // that is about this input, and not about all
    }
  }

  private static String shown(Http http, Row row) {
    try {
      return http.shown(row.sound());
    } catch (NoSuchElementException | IllegalArgumentException e) {
      return "%s would fail: %s".formatted(row.place(), e.getMessage());
    }
  }

  /// Says what would be asked first.
  private int show(Http http, Feed feed) {
    Screen out = new Screen(launch.streams().out());
    for (int i = 0; i < SHOWN && feed.hasNext(); i++) {
      out.say((i == 0 ? "" : "\n") + shown(http, feed.next()));
    }
    feed.broken()
        .ifPresent(broken -> {
          throw broken;
        });
    Screen err = new Screen(launch.streams().err());
    err.say("fan: requests would be sent %s".formatted(options.how.told()));
    options.output.file.ifPresent(file -> err.say("fan: " + KeptState.told(file, options.state)));
    return ExitCodes.GOOD;
  }
}

package io.fanwise.cli;

import io.fanwise.Fan;
import io.fanwise.Retry;
import io.fanwise.cli.exec.CommandTemplate;
import io.fanwise.cli.exec.NotStarted;
import io.fanwise.cli.exec.Output;
import io.fanwise.cli.exec.Spawner;
import io.fanwise.cli.output.Rendered;
import io.fanwise.cli.output.Writing;
import io.fanwise.rows.Format;
import io.fanwise.rows.Inputs;
import io.fanwise.rows.Row;
import io.fanwise.work.TaskTimedOut;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `fan exec`: a program over inputs.
@Command(
    name = "exec",
    customSynopsis = "fan exec [OPTION...] COMMAND [FILE...]",
    sortOptions = false,
    exitCodeListHeading = "%nExit code%n",
    exitCodeList = {
      ExitCodes.GOOD + ":all inputs are done (or nobody reads the results any more)",
      ExitCodes.SOME_FAILED + ":some inputs failed",
      ExitCodes.NOT_RUN
          + ":the command, the task or an input makes no sense, or results cannot be written",
      ExitCodes.OURS + ":an error in fan itself",
      ExitCodes.INTERRUPTED + ":Ctrl-C: what was finished is written; a second Ctrl-C ends at once",
      ExitCodes.TERMINATED + ":the same by SIGTERM"
    },
    header = "Runs a program for every input, in parallel.",
    description = {
      "",
      "COMMAND is one argument: the program and its words, cut at blanks unless quoted. In it stand",
      "",
      "  {}              the input: pics/cat.tar.gz",
      "  {.} {/} {//}    pics/cat.tar, cat.tar.gz, pics",
      "  {/.}            cat.tar",
      "  {#} {%%}         the number of the job, and of the slot it runs in, from 1",
      "  {price} {2}     a column by name, or by number",
      "",
      "Without any of these, the input is the last word. No shell reads the command unless --shell is",
      "given; then every value is quoted for the place it stands in.",
      ""
    })
final class ExecCommand implements Callable<Integer> {
  /// A program is asked to end, killed, and waited for.
  private static final Duration GRACE = Spawner.GRACE.plusSeconds(3);

  private final Launch launch;

  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      paramLabel = "COMMAND",
      description = "What to run for each input, such as 'gzip -k {}'.")
  String command = "";

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "FILE",
      description = "Inputs; - or none is standard input. gzip and zstd are unpacked.")
  List<String> files = List.of();

  @Option(
      names = "--shell",
      description = "Run COMMAND by /bin/sh: pipes, redirections, variables.")
  boolean shell;

  @Mixin RunOptions options = new RunOptions();

  ExecCommand(Launch launch) {
    this.launch = launch;
  }

  @Override
  public Integer call() {
    requireThreads();
    CommandTemplate template = template();
    Feed feed = launch.feed(options, files);
    try (Inputs inputs = feed.inputs()) {
      check(template, inputs.format(), feed);
      return options.dryRun ? print(template, feed) : run(template, feed);
    }
  }

  private int run(CommandTemplate template, Feed feed) {
    Fan where = Fan.on(options.how.on(), options.how.most());
    Fan fan = options.fan(where, GRACE, ExecCommand::worthwhile);
    try (Spawner spawner = Spawner.open()) {
      Thread last = Thread.ofPlatform().unstarted(spawner::close);
      Runtime.getRuntime().addShutdownHook(last);
      try {
        boolean fixedProgram = !shell && !Words.of(command).getFirst().contains("{");
        String words = (shell ? "exec --shell " : "exec ") + command;
        Writing writing = options.output.writing();
        ExecWork work = new ExecWork(words, template, spawner, writing, fixedProgram);
        return launch.run(selective(work, feed.inputs().format()), fan, feed, files, options);
      } finally {
        forget(last);
      }
    }
  }

  /// With what `--where` says.
  private Work<Printed> selective(Work<Printed> work, Format format) {
    if (options.input.where.isEmpty()) {
      return work;
    }
    Condition where = Condition.compile(options.input.where.get(), format, List.of(), options.how);
    return new Selective<>(work, where, new Printed(new Rendered.Silent(), Output.nothing()));
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException shuttingDown) {
      // then it runs
    }
  }

  /// What is wrong with a command does not get better by running it again.
  private static Retry worthwhile(Retry retry) {
    return retry.on(JobFailed.class, TaskTimedOut.class, NotStarted.class);
  }

  private CommandTemplate template() {
    try {
      return CommandTemplate.parse(shell ? List.of(command) : Words.of(command), shell);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  /// Refuses columns that inputs will not have, before anything runs.
  private void check(CommandTemplate template, Format format, Feed feed) {
    try {
      switch (format) {
        case LINES, NUL -> template.check(List.of());
        case CSV, TSV -> feed.first().ifPresent(row -> template.check(row.columns()));
        case JSONL -> {} // each object has its own
      }
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private void requireThreads() {
    if (!options.how.on().equals("threads") && !options.how.sequential()) {
      throw new ParameterException(
          spec.commandLine(),
          "programs are run on threads, or sequential, not on " + options.how.on());
    }
  }

  /// Says what would be run, as lines for a shell.
  private int print(CommandTemplate template, Feed feed) {
    Screen out = new Screen(launch.streams().out());
    while (feed.hasNext()) {
      Row row = feed.next().sound();
      int slot = (int) (row.index() % options.how.most()) + 1;
      out.say(template.display(ExecWork.values(template, row, slot)));
    }
    feed.broken()
        .ifPresent(broken -> {
          throw broken;
        });
    return ExitCodes.GOOD;
  }
}

package io.fanwise.cli;

import io.fanwise.Fan;
import io.fanwise.cli.output.Rendered;
import io.fanwise.cli.output.Rendering;
import io.fanwise.cli.task.CompiledTask;
import io.fanwise.cli.task.TaskText;
import io.fanwise.rows.Inputs;
import io.fanwise.rows.Row;
import io.fanwise.spi.Backend;
import io.fanwise.spi.Workers;
import io.fanwise.work.Task;
import java.io.File;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `fan map`: a function over inputs.
@Command(
    name = "map",
    customSynopsis = "fan map [OPTION...] TASK [FILE...]",
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
    header = "Runs a function on every input, in parallel.",
    description = {
      "",
      "TASK is a Java expression, a .java file, or the name of a class. An expression may use",
      "",
      "  line            the input as text            fan map 'line.length()' words.txt",
      "  col(\"price\")    a column by name, or number  fan map 'col(\"price\")' items.csv",
      "  json            the input as JSON            fan map 'json.get(\"id\").asInt()' items.jsonl",
      "  row             the record itself            number, index: from 1, from 0",
      "",
      "and may be a lambda (x -> ...), or statements that return. A file has one public class, which",
      "is a Task, or has one public method that takes a String, a Row or a JsonNode.",
      ""
    })
final class MapCommand implements Callable<Integer> {
  private static final int SHOWN = 3;
  private static final int LONGEST = 200;

  /// As long as a fan gives unless told otherwise.
  private static final Duration GRACE = Duration.ofSeconds(3);

  private final Launch launch;

  @Parameters(index = "0", paramLabel = "TASK", description = "What to do with each input.")
  String task = "";

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "FILE",
      description = "Inputs; - or none is standard input. gzip and zstd are unpacked.")
  List<String> files = List.of();

  @Option(
      names = {"--class-path", "-cp"},
      paramLabel = "PATH",
      description = "Folders and jars that the task uses; lib/* is every jar in lib.")
  String classPath = "";

  @ArgGroup(validate = false, heading = "%nWorker JVMs, with --on processes%n", order = 4)
  JvmOptions jvms = new JvmOptions();

  @Mixin RunOptions options = new RunOptions();

  @Spec CommandSpec spec = CommandSpec.create();

  MapCommand(Launch launch) {
    this.launch = launch;
  }

  @Override
  public Integer call() {
    Feed feed = launch.feed(options, files);
    try (Inputs inputs = feed.inputs()) {
      List<String> entries =
          classPath.isEmpty() ? List.of() : List.of(classPath.split(File.pathSeparator));
      CompiledTask compiled = new TaskText(task, inputs.format(), entries).compile();
      if (options.dryRun) {
        return describe(inputs);
      }
      Thread.currentThread().setContextClassLoader(compiled.classes());
      try (Workers workers = backend().start()) {
        Fan fan = options.fan(Fan.on(workers), GRACE, UnaryOperator.identity());
        Work<Rendered> work = new MapWork(compiled.words(task), task(compiled));
        return launch.run(selective(work, inputs, entries), fan, feed, files, options);
      }
    }
  }

  /// With what `--where` says.
  private Work<Rendered> selective(Work<Rendered> work, Inputs inputs, List<String> entries) {
    if (options.input.where.isEmpty()) {
      return work;
    }
    Condition where =
        Condition.compile(options.input.where.get(), inputs.format(), entries, options.how);
    return new Selective<>(work, where, new Rendered.Silent());
  }

  private Backend backend() {
    try {
      return jvms.backend(options.how);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  /// With its results made text where it runs.
  private Task<Row, Rendered> task(CompiledTask compiled) {
    Task<Row, Rendered> whole = new Rendering(options.output.writing()).after(compiled.task());
    return options.how.elsewhere() ? compiled.elsewhere(whole) : whole;
  }

  /// Says what a run would do.
  private int describe(Inputs inputs) {
    Screen out = new Screen(launch.streams().out());
    out.say(
        "The task compiles. It would run on %s, read as %s, %s; results go to %s, as %s."
            .formatted(
                files.isEmpty() ? "standard input" : String.join(", ", files),
                inputs.format(),
                options.how.told(),
                options.output.file.map(Object::toString).orElse("standard output"),
                options.output.writing().format()));
    options.output.file.ifPresent(file -> out.say(KeptState.told(file, options.state)));
    out.say("The first inputs:");
    for (int i = 0; i < SHOWN && inputs.hasNext(); i++) {
      Row row = inputs.next();
      out.say("  %s  %s".formatted(row.place(), Say.oneLine(row.text(), LONGEST)));
    }
    return ExitCodes.GOOD;
  }
}

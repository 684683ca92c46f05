package io.fanwise.cli;

import io.fanwise.Rate;
import io.fanwise.cli.output.BadOutput;
import io.fanwise.cli.task.BadTask;
import io.fanwise.rows.BadInput;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/// The command `fan`.
@Command(
    name = "fan",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    header = "Runs one function, one program or one call over very many inputs, in parallel.",
    description = {
      "",
      "  fan map 'line.length()' words.txt",
      "  ls | fan exec 'gzip -k {}'",
      "  fan http 'GET https://api.example.org/items/{id}' items.csv -o answers.jsonl",
      ""
    },
    commandListHeading = "%nCommands (fan COMMAND --help says more)%n")
public final class Main implements Runnable {
  private static final String STACK = "--stack";

  /// The commands that are started so often that they should not wait for what they do not need.
  private static final List<String> QUICK = List.of("map", "exec");

  @Spec CommandSpec spec = CommandSpec.create();

  private Main() {}

  /// Runs the command and ends this JVM.
  ///
  /// @param args what the user typed
  public static void main(String[] args) {
    Stop stop = new Stop();
    Signals.heed(stop);
    System.exit(run(args, Streams.standard(stop), stop));
  }

  /// Runs the command; returns what to tell the shell.
  static int run(String[] args, Streams streams, Stop stop) {
    Launch launch = new Launch(streams, stop, List.of(args));
    CommandLine fan =
        new CommandLine(new Main())
            .addSubcommand(new MapCommand(launch))
            .addSubcommand(new ExecCommand(launch));
    if (args.length == 0 || !QUICK.contains(args[0])) {
      addOthers(fan, launch);
    }
    CommandLine configured = configured(fan, streams);
    try {
      return configured.execute(args);
    } catch (Error e) { // such as no memory left
      return broken(e, configured, Arrays.asList(args).contains(STACK));
    }
  }

  /// What the quick ones need not wait for.
  private static void addOthers(CommandLine fan, Launch launch) {
    fan.addSubcommand(new HttpCommand(launch))
        .addSubcommand(new StatusCommand(launch))
        .addSubcommand(new RetryCommand(launch))
        .addSubcommand(new VerifyCommand(launch))
        .addSubcommand(new MergeCommand(launch))
        .addSubcommand(new CompletionCommand());
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: map, exec or http");
  }

  private static CommandLine configured(CommandLine fan, Streams streams) {
    PrintWriter err =
        new PrintWriter(new OutputStreamWriter(streams.err(), StandardCharsets.UTF_8), true);
    return fan.setOut(
            new PrintWriter(new OutputStreamWriter(streams.out(), StandardCharsets.UTF_8), true))
        .setErr(err)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExpandAtFiles(false) // a body begins with @ if it is in a file
        .setUsageHelpWidth(100)
        .setUsageHelpLongOptionsMaxWidth(26)
        .registerConverter(Jobs.class, Jobs::parse)
        .registerConverter(Duration.class, Spans::parse)
        .registerConverter(Rate.class, Rates::parse)
        .registerConverter(Backoff.class, Backoff::parse)
        .registerConverter(Halt.class, Halt::parse)
        .registerConverter(Size.class, Size::parse)
        .registerConverter(Recycle.class, Recycle::parse)
        .registerConverter(StateOptions.Shard.class, StateOptions.Shard::parse)
        .registerConverter(StateOptions.Range.class, StateOptions.Range::parse)
        .setExecutionStrategy(Main::executed)
        .setParameterExceptionHandler(Main::misused)
        .setExecutionExceptionHandler(
            (e, command, parsed) -> broken(e, command, parsed.originalArgs().contains(STACK)));
  }

  /// An option that is given twice begins a new group of options, and all that was said in the old
  /// one would be forgotten.
  private static int executed(ParseResult parsed) {
    for (ParseResult of = parsed; of != null; of = of.subcommand()) {
      for (ArgGroupSpec group : of.commandSpec().argGroups()) {
        refuseRepeated(of, group);
      }
    }
    return new RunLast().execute(parsed);
  }

  private static void refuseRepeated(ParseResult parsed, ArgGroupSpec group) {
    Set<OptionSpec> seen = new HashSet<>();
    for (ParseResult.GroupMatchContainer found : parsed.findMatches(group)) {
      for (ParseResult.GroupMatch match : found.matches()) {
        for (OptionSpec option : group.options()) {
          if (!match.matchedValues(option).isEmpty() && !seen.add(option)) {
            throw new ParameterException(
                parsed.commandSpec().commandLine(),
                "option '" + option.longestName() + "' should be given only once");
          }
        }
      }
    }
  }

  /// What the user typed makes no sense: one line, and a hint.
  private static int misused(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    String said = e.getMessage() == null ? e.toString() : e.getMessage();
    if (e instanceof UnmatchedArgumentException unmatched && command.getParent() == null) {
      said =
          "'%s' is no command of fan: there are map, exec, http, status, retry, verify, merge and completion"
              .formatted(unmatched.getUnmatched().getFirst());
    }
    err.println("fan: " + Say.oneLine(said, 1_000));
    err.println(hint(command));
    if (Arrays.asList(args).contains(STACK)) {
      err.println(Say.wholly(e));
    }
    return ExitCodes.NOT_RUN;
  }

  private static String hint(CommandLine command) {
    return "try '%s --help'".formatted(command.getCommandSpec().qualifiedName());
  }

  private static int broken(Throwable e, CommandLine command, boolean stack) {
    PrintWriter err = command.getErr();
    boolean ours =
        switch (e) {
          case BadInput _, BadTask _, BadOutput _ -> false;
          default -> true;
        };
    err.println("fan: " + (ours ? ours(e) : e.getMessage()));
    if (stack) {
      err.println(Say.wholly(e));
    }
    return ours ? ExitCodes.OURS : ExitCodes.NOT_RUN;
  }

  private static String ours(Throwable e) {
    return e instanceof OutOfMemoryError
        ? "out of memory (%s); allow more, such as FAN_OPTS=-Xmx4g".formatted(e.getMessage())
        : "something went wrong in fan itself: %s; --stack shows where".formatted(Say.briefly(e));
  }

  /// The version of the jar.
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"fan " + (version == null ? "0 (not from a jar)" : version)};
    }
  }
}

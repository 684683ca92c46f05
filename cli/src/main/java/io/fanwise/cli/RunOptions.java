package io.fanwise.cli;

import io.fanwise.Fan;
import io.fanwise.Retry;
import java.time.Duration;
import java.util.function.UnaryOperator;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The options that `map`, `exec` and `http` have in common. Confined to the thread that runs the
/// command.
final class RunOptions {
  @ArgGroup(validate = false, heading = "%nInputs%n", order = 1)
  InputOptions input = new InputOptions();

  @ArgGroup(validate = false, heading = "%nResults%n", order = 2)
  OutputOptions output = new OutputOptions();

  @ArgGroup(validate = false, heading = "%nHow%n", order = 3)
  HowOptions how = new HowOptions();

  @ArgGroup(validate = false, heading = "%nRuns that can be killed, with -o FILE%n", order = 5)
  StateOptions state = new StateOptions();

  @ArgGroup(validate = false, heading = "%nWhat is said, on standard error%n", order = 6)
  ShowOptions show = new ShowOptions();

  @Option(names = "--dry-run", description = "Only say what would be done.")
  boolean dryRun;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this, and do nothing.")
  boolean help;

  @Spec(Spec.Target.MIXEE)
  CommandSpec command = CommandSpec.create();

  /// Refuses what is about runs whose state is kept.
  void refusePointless() {
    String option = state.pointless();
    if (!option.isEmpty()) {
      throw new ParameterException(
          command.commandLine(),
          option + " is about runs that write to a file: add -o FILE, or leave it out");
    }
  }

  /// The fan, as [HowOptions#fan] makes it.
  ///
  /// @param where the workers
  Fan fan(Fan where, Duration grace, UnaryOperator<Retry> worthwhile) {
    try {
      return how.fan(where, grace, worthwhile);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
  }
}

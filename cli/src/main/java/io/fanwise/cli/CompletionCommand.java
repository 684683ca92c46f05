package io.fanwise.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `fan completion`: what a shell needs to complete commands.
@Command(
    name = "completion",
    header = "Prints a script by which bash and zsh complete fan's words.",
    description = {
      "",
      "Use it now, or put it into ~/.bashrc:",
      "",
      "  source <(fan completion)",
      ""
    })
final class CompletionCommand implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this, and do nothing.")
  boolean help;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    out.print(AutoComplete.bash("fan", spec.root().commandLine()));
    out.flush();
    return ExitCodes.GOOD;
  }
}

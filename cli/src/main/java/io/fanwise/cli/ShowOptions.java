package io.fanwise.cli;

import picocli.CommandLine.Option;

/// What is said about a run on standard error. Confined to the thread that runs the command.
final class ShowOptions {
  @Option(
      names = "--progress",
      paramLabel = "KIND",
      description =
          "auto, bar, plain (a line every 10 s), json (an object every second), none. Default: auto, a"
              + " bar on a terminal and plain otherwise.")
  ProgressView.Kind progress = ProgressView.Kind.AUTO;

  @Option(
      names = {"-q", "--quiet"},
      description = "Say nothing but what ends the run: no progress, no failed inputs, no summary.")
  boolean quiet;

  @Option(names = "--stack", description = "Show errors with their stack traces.")
  boolean stack;

  ProgressView view(Screen screen, Terminal terminal) {
    return quiet ? new ProgressView.None() : ProgressView.of(progress, screen, terminal);
  }
}

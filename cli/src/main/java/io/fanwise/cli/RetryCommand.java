package io.fanwise.cli;

import io.fanwise.rows.BadInput;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `fan retry`: the command of a run once more, for what failed.
@Command(
    name = "retry",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Runs what failed once more, and what is left, into the same results.",
    description = {
      "",
      "It is the command of the run with --retry-failed. Type that instead to push it harder or less hard.",
      ""
    })
final class RetryCommand implements Callable<Integer> {
  private final Launch launch;

  @Parameters(
      paramLabel = "FILE",
      description = "The results of the run, or the folder of its state.")
  Path named = Path.of("");

  RetryCommand(Launch launch) {
    this.launch = launch;
  }

  @Override
  public Integer call() {
    KeptState kept = KeptState.of(named);
    List<String> words = new ArrayList<>(kept.state().command());
    if (words.isEmpty()) {
      throw new BadInput(
          "%s was not begun by the command fan: run it again as it was".formatted(named));
    }
    Path here = Path.of("").toAbsolutePath();
    Path place = kept.state().place().orElse(here);
    if (!place.equals(here)) {
      throw new BadInput(
          "%s was begun in another folder, and its files are named from there: cd %s && fan retry %s"
              .formatted(named, place, place.relativize(named.toAbsolutePath())));
    }
    words.add(1, StateOptions.RETRY_FAILED);
    return Main.run(words.toArray(String[]::new), launch.streams(), launch.stop());
  }
}

package io.fanwise.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `fan verify`: whether results and state of a run agree.
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "%nExit code%n",
    exitCodeList = {
      ExitCodes.GOOD + ":everything that was looked at is as it should be",
      ExitCodes.SOME_FAILED + ":something is not; each is told in a line",
      ExitCodes.NOT_RUN + ":there is no such run"
    },
    header = "Checks the results of a run against its state.",
    description = {
      "",
      "The journal can be read; the results have the bytes and records it speaks of, and are what their",
      "format says; with --with index, each input that is done is in them, and once; what failed is in",
      "the file of failures.",
      ""
    })
final class VerifyCommand implements Callable<Integer> {
  private final Launch launch;

  @Parameters(
      paramLabel = "FILE",
      description = "The results of the run, or the folder of its state.")
  Path named = Path.of("");

  VerifyCommand(Launch launch) {
    this.launch = launch;
  }

  @Override
  public Integer call() {
    Screen out = new Screen(launch.streams().out());
    KeptState kept = KeptState.of(named);
    Verification verification = new Verification(kept);
    List<String> wrong = verification.wrong();
    verification.notes().forEach(out::say);
    wrong.forEach(each -> out.say("wrong: " + each));
    if (wrong.isEmpty()) {
      out.say(
          "%s is sound: %s done, %s failed, %s records"
              .formatted(
                  kept.output(),
                  Counts.number(kept.state().done()),
                  Counts.number(kept.state().failed()),
                  Counts.number(kept.mark().records())));
    }
    return wrong.isEmpty() ? ExitCodes.GOOD : ExitCodes.SOME_FAILED;
  }
}

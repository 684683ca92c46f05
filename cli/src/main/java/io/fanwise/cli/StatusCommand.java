package io.fanwise.cli;

import io.fanwise.pipeline.RunState;
import io.fanwise.rows.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `fan status`: how a run stands whose state is kept.
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Says how far a run has come that writes to a file, and how to go on with it.")
final class StatusCommand implements Callable<Integer> {
  private final Launch launch;

  @Parameters(
      paramLabel = "FILE",
      description = "The results of the run, or the folder of its state.")
  Path named = Path.of("");

  @Option(names = "--watch", description = "Say it again every second, until the run has stopped.")
  boolean watch;

  @Option(names = "--json", description = "Say it as an object of JSON.")
  boolean json;

  StatusCommand(Launch launch) {
    this.launch = launch;
  }

  @Override
  public Integer call() throws InterruptedException {
    Screen out = new Screen(launch.streams().out());
    Standing standing = look();
    while (watch && standing.holder().isPresent() && !launch.stop().asked()) {
      tell(out, standing);
      Thread.sleep(Duration.ofSeconds(1));
      standing = look();
    }
    tell(out, standing);
    return ExitCodes.GOOD;
  }

  /// How a run stands.
  private record Standing(
      KeptState kept,
      RunState state,
      Optional<String> damage,
      Optional<String> holder,
      Optional<JsonNode> progress) {
    OptionalLong total() {
      if (state.complete()) {
        return OptionalLong.of(state.done() + state.failed());
      }
      return progress
          .map(said -> said.path("total"))
          .filter(JsonNode::isNumber)
          .map(number -> OptionalLong.of(number.asLong()))
          .orElse(OptionalLong.empty());
    }

    /// Lately, while somebody is at it.
    Optional<Double> rate() {
      return progress.filter(_ -> holder.isPresent()).map(said -> said.path("rate").asDouble());
    }
  }

  private Standing look() {
    KeptState kept = KeptState.of(named);
    try {
      return new Standing(
          kept, kept.state(), kept.damage(), kept.state().holder(), kept.progress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void tell(Screen out, Standing standing) {
    if (json) {
      out.say(Json.text(object(standing)));
    } else {
      lines(standing).forEach(out::say);
    }
  }

  private List<String> lines(Standing standing) {
    RunState state = standing.state();
    List<String> lines = new ArrayList<>();
    String total =
        standing.total().isPresent() ? " of " + number(standing.total().getAsLong()) : "";
    String failed = state.failed() > 0 ? ", %s failed".formatted(number(state.failed())) : "";
    lines.add(
        "%s: %s%s done%s; %s in %s"
            .formatted(
                standing.kept().output(),
                number(state.done()),
                total,
                failed,
                Counts.size(standing.kept().mark().bytes()),
                number(standing.kept().mark().records()) + " records"));
    lines.add(when(standing));
    if (standing.damage().isPresent()) {
      lines.add("cannot go on: " + standing.damage().get());
    } else if (!state.complete() && standing.holder().isEmpty()) {
      again(standing).ifPresent(command -> lines.add("go on by: " + command));
    }
    if (state.failed() > 0) {
      lines.add("what failed: %s; once more by: fan retry %s".formatted(state.failures(), named));
    }
    return lines;
  }

  private static String when(Standing standing) {
    String begun = "begun " + time(standing.state().created());
    if (standing.holder().isPresent()) {
      String rate = standing.rate().map(each -> ", " + Counts.perSecond(each)).orElse("");
      return "%s; %s is at it%s".formatted(begun, standing.holder().get(), rate);
    }
    String last =
        standing.state().committed().map(StatusCommand::time).orElse("before anything was done");
    return "%s; %s %s".formatted(begun, standing.state().complete() ? "finished" : "stopped", last);
  }

  private Optional<String> again(Standing standing) {
    return standing.kept().again(Path.of("").toAbsolutePath());
  }

  private Map<String, @Nullable Object> object(Standing standing) {
    RunState state = standing.state();
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("output", standing.kept().output());
    object.put("done", state.done());
    object.put("failed", state.failed());
    object.put("total", standing.total().isPresent() ? standing.total().getAsLong() : null);
    object.put("complete", state.complete());
    object.put("damage", standing.damage().orElse(null));
    object.put("bytes", standing.kept().mark().bytes());
    object.put("records", standing.kept().mark().records());
    object.put("begun", state.created());
    object.put("committed", state.committed().orElse(null));
    object.put("holder", standing.holder().orElse(null));
    object.put("rate", standing.rate().orElse(null));
    object.put("task", state.task());
    object.put("source", state.source());
    object.put("command", again(standing).orElse(null));
    return object;
  }

  private static String time(Instant when) {
    return when.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static String number(long number) {
    return Counts.number(number);
  }
}

package io.fanwise.cli;

import static java.util.Objects.requireNonNull;

import io.fanwise.Fan;
import io.fanwise.cli.output.BadOutput;
import io.fanwise.pipeline.Durability;
import io.fanwise.pipeline.FailedInput;
import io.fanwise.pipeline.Feed;
import io.fanwise.pipeline.Halt;
import io.fanwise.pipeline.InputId;
import io.fanwise.pipeline.Pipeline;
import io.fanwise.pipeline.RunBroken;
import io.fanwise.pipeline.RunProgress;
import io.fanwise.pipeline.RunRefused;
import io.fanwise.pipeline.RunStopped;
import io.fanwise.pipeline.Summary;
import io.fanwise.rows.BadInput;
import io.fanwise.rows.Json;
import io.fanwise.rows.Row;
import io.fanwise.work.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/// One run of the command whose state is kept, so that the same command goes on where this one
/// stops.
///
/// Confined to the thread that runs the command; what comes from elsewhere comes by [Stop].
///
/// @param <R> the type of results
final class KeptRun<R> {
  private final Work<R> work;
  private final FeedSource source;
  private final KeptSink<R> sink;
  private final RunOptions options;
  private final Path file;
  private final Path folder;
  private final List<String> typed;
  private final Unseen unseen;
  private final Stop stop;
  private final Screen screen;
  private final ProgressView view;
  private final Reports reports;
  private final ProgressView.Pace pace = new ProgressView.Pace(Duration.ofSeconds(1));
  private final long begun = System.nanoTime();

  private @Nullable RunProgress latest;
  private @Nullable String fatal;
  private boolean refused;

  /// @param typed what the user typed
  KeptRun(
      Work<R> work,
      FeedSource source,
      Path file,
      RunOptions options,
      List<String> typed,
      Stop stop,
      Screen screen,
      ProgressView view) {
    this.work = work;
    this.source = source;
    this.options = options;
    this.file = file;
    this.folder = options.state.folder(file);
    this.sink = new KeptSink<>(work, options.output.writing(), file, folder, screen);
    this.typed = typed;
    this.unseen = Unseen.of(options.how, stop);
    this.stop = stop;
    this.screen = screen;
    this.view = view;
    this.reports = new Reports(screen, options.show);
  }

  /// Runs it, or what is left of it; returns what to tell the shell.
  int run(Fan fan) {
    Summary summary = null;
    try {
      summary = pipeline().run(fan);
    } catch (RunRefused e) {
      refused = true;
      fatal(inOurWords(e));
    } catch (RunStopped e) {
      fatal(Say.stopped(requireNonNull(e.getCause())));
    } catch (RunBroken | BadInput | Hopeless e) {
      fatal(Say.message(e));
    } catch (UncheckedIOException e) {
      fatal(Say.message(BadOutput.of(folder, requireNonNull(e.getCause()))));
    } catch (CancellationException e) {
      if (!stop.asked()) {
        throw e;
      }
    } catch (IllegalArgumentException | IllegalStateException e) {
      if (!work.unworkable(e)) {
        throw e;
      }
      fatal(Say.message(e));
    } finally {
      Thread.interrupted(); // it has been heeded
    }
    return finish(summary);
  }

  private Pipeline<Row, R> pipeline() {
    boolean now = options.how.halt.how() == io.fanwise.cli.Halt.How.NOW;
    Pipeline<Row, R> pipeline =
        inputs()
            .map(task(now ? unseen.watching(work.task()) : work.task()))
            .write(sink)
            .state(folder)
            .version(work.words())
            .command(Path.of("").toAbsolutePath(), again())
            .durability(durability())
            .halt(halt())
            .onFailure(this::failed)
            .progress(this::tick);
    if (!options.how.unordered) {
      pipeline = pipeline.ordered();
    }
    if (options.state.evenIfChanged) {
      pipeline = pipeline.evenIfChanged();
    }
    if (options.state.retryFailed) {
      pipeline = pipeline.retryFailed();
    }
    return options.state.fresh ? pipeline.fresh() : pipeline;
  }

  private Task<Row, R> task(Task<Row, R> task) {
    return work.wantsInputId() ? (Task<Row, R> & InputId.Wanted) task::run : task;
  }

  private Feed<Row> inputs() {
    Feed<Row> inputs = Pipeline.read(source);
    var range = options.state.range.orElse(null);
    if (range != null) {
      inputs = inputs.range(range.from(), range.to() + 1);
    }
    var shard = options.state.shard.orElse(null);
    if (shard != null) {
      inputs = inputs.shard(shard.number(), shard.of());
    }
    return options.state.distinct ? inputs.distinct() : inputs;
  }

  /// What is to be typed to go on: what was typed, but for what would begin anew.
  private List<String> again() {
    List<String> words = new ArrayList<>(typed);
    words.removeAll(List.of("--fresh", "--even-if-changed", StateOptions.RETRY_FAILED));
    return words;
  }

  private Durability durability() {
    return switch (options.state.durability) {
      case DISK -> Durability.DISK;
      case PROCESS -> Durability.PROCESS;
    };
  }

  private Halt halt() {
    var asked = options.how.halt;
    Halt when =
        asked.percent() ? Halt.share(asked.failures() / 100.0) : Halt.after(asked.failures());
    return switch (asked.how()) {
      case NEVER -> Halt.NEVER;
      case NOW -> when;
      case SOON -> when.soon();
    };
  }

  private void failed(FailedInput failed) {
    if (stop.asked()) {
      throw new CancellationException("asked to stop"); // it may have failed because of that
    }
    Row row = (Row) failed.input();
    unseen.seen(row);
    if (sink.completed() == 0 && work.hopeless(failed.error())) {
      throw new Hopeless(Say.briefly(failed.error()), failed.error());
    }
    reports.failed(row, failed.error(), failed.execution().attempts());
  }

  /// No other input would do better; it is not held against this one.
  private static final class Hopeless extends RuntimeException {
    private static final long serialVersionUID = 1;

    Hopeless(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /// Called a few times a second while the run waits, and at its end.
  private void tick(RunProgress progress) {
    if (latest == null) {
      begin(progress);
    }
    latest = progress;
    if (progress.finished() || pace.due(progress.elapsed())) {
      KeptState.tell(folder, told(Counts.of(progress), progress.finished()));
    }
    if (!progress.finished()) {
      if (progress.elapsed().toSeconds() >= 1 && view.sumsUp()) {
        source.count();
      }
      view.show(Counts.of(progress));
      if (stop.asked()) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private Map<String, @Nullable Object> told(Counts counts, boolean finished) {
    Map<String, @Nullable Object> told = new LinkedHashMap<>();
    told.put("done", counts.done());
    told.put("failed", counts.failed());
    told.put("before", counts.kept().map(Counts.Kept::before).orElse(0L));
    told.put("total", counts.total().isPresent() ? counts.total().getAsLong() : null);
    told.put("retried", counts.retried());
    told.put("pushed_back", counts.pushedBack());
    told.put("running", counts.running());
    told.put("limit", counts.limit());
    told.put("jobs", options.how.most());
    told.put("rate", counts.rate());
    told.put("elapsed_seconds", counts.elapsed().toNanos() / 1e9);
    counts
        .kept()
        .ifPresent(kept -> {
          told.put("p50_ms", kept.median().toNanos() / 1e6);
          told.put("p99_ms", kept.slow().toNanos() / 1e6);
          told.put("bytes", kept.bytes());
        });
    told.put("finished", finished);
    return told;
  }

  private void begin(RunProgress progress) {
    if (progress.before() > 0 && view.sumsUp() && !view.json()) {
      screen.say(
          "fan: going on with %s, of which %s are done%s"
              .formatted(
                  file,
                  Counts.number(progress.before()),
                  source.typed() ? "; standard input has to bring the same inputs as before" : ""));
    }
  }

  private void fatal(String why) {
    if (stop.ask(Stop.Reason.BROKEN)) {
      fatal = why;
    }
  }

  private static String inOurWords(RunRefused e) {
    return switch (e.reason()) {
      case CHANGED ->
          e.what() + ". Go on with it all the same by --even-if-changed, or start over by --fresh.";
      case OUTPUT_THERE ->
          e.what() + ": move it away, write to another file, or overwrite it by --fresh";
      case IN_USE, DAMAGED -> Say.message(e);
    };
  }

  private int finish(@Nullable Summary summary) {
    boolean complete = summary != null && summary.complete();
    boolean halted = summary != null && !complete;
    if (halted) {
      unseen.left().forEach(miss -> reports.failed(miss.input(), miss.error(), 1));
    }
    if (!refused) {
      keepFailures();
    }
    reports.sumUp("%s has them all".formatted(folder.resolve("failures.jsonl")));
    if (fatal != null) {
      screen.say("fan: " + fatal);
    }
    screen.clear();
    Counts counts = counts(summary);
    if (view.sumsUp() && !refused) {
      sumUp(counts, halted, complete);
    }
    int code = exitCode(counts);
    options.state.report.ifPresent(report -> report(report, counts, complete, code));
    return code;
  }

  private void report(Path report, Counts counts, boolean complete, int code) {
    Map<String, @Nullable Object> told = new LinkedHashMap<>();
    told.put("output", file);
    told.put("state", folder);
    told.put("task", work.words());
    told.put("command", again());
    told.putAll(told(counts, true));
    told.remove("finished");
    told.put("complete", complete);
    told.put("stopped", stop.reason().map(Object::toString).orElse(null));
    told.put("error", fatal);
    told.put("exit", code);
    try {
      Files.writeString(report, Json.text(told) + "\n");
    } catch (IOException e) {
      throw BadOutput.of(report, e);
    }
  }

  /// Makes the files that `--failures` names of what the state has.
  private void keepFailures() {
    try {
      options
          .output
          .failures(source.inputs(), options.input)
          .ifPresent(failures -> {
            try (failures) {
              KeptState kept = KeptState.of(folder);
              new KeptFailures(kept.state().failures()).copy(kept, source.columns(), failures);
            }
          });
    } catch (BadOutput | BadInput e) {
      fatal(Say.message(e));
    }
  }

  /// Those of the last snapshot; of a run that was at its end before, what it had.
  private Counts counts(@Nullable Summary summary) {
    if (latest != null) {
      return Counts.of(latest);
    }
    return summary == null ? Counts.none(begun) : Counts.of(summary);
  }

  private void sumUp(Counts counts, boolean halted, boolean complete) {
    if (view.json()) {
      screen.say(ProgressView.Json.object(counts, true));
      return;
    }
    String why = halted ? "halted: " : stop.reason().map(reason -> reason + ": ").orElse("");
    screen.say("fan: " + why + counts.summary());
    if (!complete) {
      screen.say(
          "fan: what is done is safe in %s; the same command goes on from there".formatted(file));
    } else if (counts.failed() > 0) {
      screen.say("fan: run what failed once more by: fan retry " + file);
    }
  }

  private int exitCode(Counts counts) {
    int ended = counts.failed() > 0 ? ExitCodes.SOME_FAILED : ExitCodes.GOOD;
    return switch (stop.reason().orElse(Stop.Reason.NOBODY_READS)) {
      case INTERRUPTED -> ExitCodes.INTERRUPTED;
      case TERMINATED -> ExitCodes.TERMINATED;
      case BROKEN -> ExitCodes.NOT_RUN;
      case HALTED, NOBODY_READS -> ended;
    };
  }
}

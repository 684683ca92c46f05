package io.fanwise.pipeline;

import static java.util.Objects.requireNonNull;

import io.fanwise.Fan;
import io.fanwise.work.Outcome;
import io.fanwise.work.Outcome.Done;
import io.fanwise.work.Outcome.Failed;
import io.fanwise.work.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Spliterator;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// From a source through a task into sinks: each input exactly once in the output, whatever dies
/// when.
///
/// ```java
/// Summary summary = Pipeline.read(Source.csv(Path.of("items.csv")))
///     .map(item -> api.score(item.col("id")))
///     .write(Sink.jsonLines(Path.of("answers.jsonl")))
///     .run(Fan.virtualThreads(200).retry(Retry.times(5)).rate(Rate.perSecond(2_500)));
/// ```
///
/// The pipeline says what flows where, the fan how hard. Killed at 60 %? Run it again, and it goes
/// on: what has a result in the output is not done again. (What was under way when it was killed
/// is; so a task may be called again, but its result is in the output once.) An input that fails
/// for good ends nothing: it is kept, with the reason, in the state's `failures.jsonl`.
///
/// Inputs are read as they are needed and results written as they come, in bounded memory.
///
/// Immutable, and safe for use by many threads.
///
/// @param <T> the type of inputs
/// @param <R> the type of results
public final class Pipeline<T, R> {
  private final Source<T> source;
  private final Task<? super T, ? extends R> task;
  private final List<Sink<? super R>> sinks;
  private final Optional<Path> state;
  private final Order order;
  private final Durability durability;
  private final Beginning beginning;

  private enum Order {
    AS_THEY_FINISH,
    OF_INPUTS
  }

  private enum Beginning {
    WHERE_IT_STOPPED,
    EVEN_IF_CHANGED,
    OVER
  }

  private Pipeline(
      Source<T> source,
      Task<? super T, ? extends R> task,
      List<Sink<? super R>> sinks,
      Optional<Path> state,
      Order order,
      Durability durability,
      Beginning beginning) {
    this.source = source;
    this.task = task;
    this.sinks = List.copyOf(sinks);
    this.state = state;
    this.order = order;
    this.durability = durability;
    this.beginning = beginning;
  }

  /// Begins with what is read.
  ///
  /// @param source the inputs
  /// @return what can be mapped
  /// @param <T> the type of inputs
  public static <T> Reading<T> read(Source<T> source) {
    return new Reading<>(requireNonNull(source, "source"));
  }

  /// What is read, and nothing done with it yet. Immutable.
  ///
  /// @param source the inputs
  /// @param <T> the type of inputs
  public record Reading<T>(Source<T> source) {

    /// Says what is done with each input.
    ///
    /// @param task what to run
    /// @return the pipeline, which still needs a sink
    /// @param <R> the type of results
    public <R> Pipeline<T, R> map(Task<? super T, ? extends R> task) {
      return new Pipeline<>(
          source,
          requireNonNull(task, "task"),
          List.of(),
          Optional.empty(),
          Order.AS_THEY_FINISH,
          Durability.DISK,
          Beginning.WHERE_IT_STOPPED);
    }
  }

  /// Writes results to a sink; with several, to each.
  ///
  /// @param sink where results go
  /// @return a copy
  public Pipeline<T, R> write(Sink<? super R> sink) {
    List<Sink<? super R>> more = new ArrayList<>(sinks);
    more.add(requireNonNull(sink, "sink"));
    return new Pipeline<>(source, task, more, state, order, durability, beginning);
  }

  /// Keeps the state of the run in a folder. By default that is beside the first file that is
  /// written: `answers.jsonl.fan`.
  ///
  /// @param folder the folder, which is made
  /// @return a copy
  public Pipeline<T, R> state(Path folder) {
    return new Pipeline<>(source, task, sinks, Optional.of(folder), order, durability, beginning);
  }

  /// Writes results in the order of inputs, not as they finish. One that takes long (or waits for
  /// another attempt) holds back those behind it, so more of them are under way when the run is
  /// killed.
  ///
  /// @return a copy
  public Pipeline<T, R> ordered() {
    return new Pipeline<>(source, task, sinks, state, Order.OF_INPUTS, durability, beginning);
  }

  /// Says what a commit survives; by default the end of the machine ([Durability#DISK]).
  ///
  /// @param survives what it is to survive
  /// @return a copy
  public Pipeline<T, R> durability(Durability survives) {
    return new Pipeline<>(source, task, sinks, state, order, survives, beginning);
  }

  /// Forgets what was done before, outputs included, and starts over.
  ///
  /// @return a copy
  public Pipeline<T, R> fresh() {
    return new Pipeline<>(source, task, sinks, state, order, durability, Beginning.OVER);
  }

  /// Goes on where it stopped although the inputs or the task are others than before. Inputs are
  /// told by their positions: what is done stays done.
  ///
  /// @return a copy
  public Pipeline<T, R> evenIfChanged() {
    return new Pipeline<>(source, task, sinks, state, order, durability, Beginning.EVEN_IF_CHANGED);
  }

  /// Runs it, or what is left of it.
  ///
  /// @param fan how hard: where, how many at a time, how often again, how fast
  /// @return what became of it
  /// @throws RunRefused if another process runs it, or it is not the run that was begun
  /// @throws RunBroken if outputs or state cannot be written; what was committed is safe
  /// @throws CancellationException if the calling thread is interrupted; what has finished is safe,
  ///   and the thread's flag is set again
  public Summary run(Fan fan) {
    requireNonNull(fan, "fan");
    if (sinks.isEmpty()) {
      throw new IllegalStateException("the results go nowhere: give the pipeline a sink by write");
    }
    try (RunFolder folder = RunFolder.open(folder())) {
      return run(fan, folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path folder() {
    return state
        .or(this::besideTheFirstFile)
        .orElseThrow(() ->
            new IllegalStateException(
                "nothing that is written is a file: say by state where to keep the run's state"));
  }

  private Optional<Path> besideTheFirstFile() {
    return sinks.stream()
        .flatMap(sink -> sink.place().stream())
        .findFirst()
        .map(file -> file.resolveSibling(file.getFileName() + ".fan"));
  }

  private Summary run(Fan fan, RunFolder folder) throws IOException {
    long begun = System.nanoTime();
    settle(folder);
    Standing standing = new Standing();
    try (Journal journal = Journal.open(folder.journal(), standing::add)) {
      long before = standing.done() + standing.failures();
      goOn(fan, folder, journal, standing);
      return new Summary(
          standing.done(),
          standing.failures(),
          before,
          Duration.ofNanos(System.nanoTime() - begun),
          folder.failures());
    }
  }

  /// Makes sure that the folder is of this run.
  private void settle(RunFolder folder) throws IOException {
    List<String> writes = sinks.stream().map(Sink::identity).toList();
    RunFolder.Settings now =
        RunFolder.Settings.of(
            source.identity(), CodeIdentity.of(task), writes, Clock.systemUTC().instant());
    if (beginning == Beginning.OVER) {
      folder.clear();
    }
    RunFolder.Settings before = folder.settings();
    if (before == null) {
      if (beginning != Beginning.OVER) {
        requireFree();
      }
      folder.settings(now, durability);
      return;
    }
    List<String> differences = before.differences(now);
    if (!differences.isEmpty() && beginning != Beginning.EVEN_IF_CHANGED) {
      throw new RunRefused(
          "The run in %s is another one: %s. Go on with it all the same by evenIfChanged, or start over by fresh."
              .formatted(folder.path(), String.join("; ", differences)));
    }
  }

  /// Nothing that is there already, and is of no run, is overwritten unasked.
  private void requireFree() throws IOException {
    for (Sink<? super R> sink : sinks) {
      Path place = sink.place().orElse(null);
      if (place != null && Files.isRegularFile(place) && Files.size(place) > 0) {
        throw new RunRefused(
            "%s is there already (%d bytes), and not from this run: move it away, write to another file, or start over by fresh"
                .formatted(place, Files.size(place)));
      }
    }
  }

  private void goOn(Fan fan, RunFolder folder, Journal journal, Standing standing)
      throws IOException {
    try (Outputs outputs = Outputs.open(sinks, standing, journal, durability);
        Sink.Output letters =
            AppendedFile.open(
                folder.failures(),
                standing.mark(sinks.size()).map(Long::parseLong).orElse(0L),
                durability)) {
      if (!standing.ended()) {
        record(fan, outputs.all(), letters, journal, standing);
      }
      if (standing.ended()) {
        outputs.finish();
      }
    }
  }

  private void record(
      Fan fan, List<Sink.Output> outputs, Sink.Output letters, Journal journal, Standing standing)
      throws IOException {
    Bookmarks bookmarks = new Bookmarks();
    PositionSet earlier = standing.finished().copy();
    try (Recorder recorder =
            new Recorder(
                outputs, letters, journal, standing, bookmarks, durability, Clock.systemUTC());
        Todo todo =
            new Todo(
                source.open(standing.bookmark()),
                standing.bookmark(),
                earlier::contains,
                bookmarks)) {
      recorder.start();
      pull(fan, todo, recorder);
    }
  }

  private void pull(Fan fan, Todo todo, Recorder recorder) {
    Fan how = order == Order.OF_INPUTS ? fan : fan.unordered();
    Clock clock = Clock.systemUTC();
    Consumer<Outcome<Item, Object>> accept =
        outcome -> {
          switch (outcome) {
            case Done(var item, var encoded, _) -> recorder.add(item.position(), encoded);
            case Failed<Item, Object> failed ->
                recorder.add(failed.input().position(), DeadLetter.of(failed, clock.instant()));
          }
        };
    boolean all = false;
    try (Stream<Outcome<Item, Object>> outcomes = how.outcomes(todo, step())) {
      Spliterator<Outcome<Item, Object>> each = outcomes.spliterator();
      if (order == Order.OF_INPUTS && !each.hasCharacteristics(Spliterator.ORDERED)) {
        throw new IllegalArgumentException(
            "the pipeline is ordered, but the fan is unordered: leave one of them out");
      }
      each.forEachRemaining(accept);
      all = true;
    } finally {
      recorder.end(all ? Frame.Kind.END : Frame.Kind.STEP);
    }
  }

  @SuppressWarnings("unchecked") // an encoder of a supertype encodes results too
  private Step<T, R> step() {
    List<Sink.Encoder<R>> encoders =
        sinks.stream().map(sink -> (Sink.Encoder<R>) sink.encoder()).toList();
    return new Step<>(source.decoder(), task, encoders);
  }
}

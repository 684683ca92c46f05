package io.fanwise.pipeline;

import static java.util.Objects.requireNonNull;

import io.fanwise.Fan;
import io.fanwise.rows.Bookmark;
import io.fanwise.work.Task;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;

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
  private final Feed<T> reading;
  private final Task<? super T, ? extends R> task;
  private final List<Sink<? super R>> sinks;
  private final Options options;

  Pipeline(
      Feed<T> reading,
      Task<? super T, ? extends R> task,
      List<Sink<? super R>> sinks,
      Options options) {
    this.reading = reading;
    this.task = task;
    this.sinks = List.copyOf(sinks);
    this.options = options;
  }

  /// Begins with what is read.
  ///
  /// @param source the inputs
  /// @return what can be mapped
  /// @param <T> the type of inputs
  public static <T> Feed<T> read(Source<T> source) {
    return new Feed<>(
        requireNonNull(source, "source"),
        Selection.ALL,
        new Everything(),
        new Keys.None<>(),
        new Sameness.None<>());
  }

  /// Writes results to a sink; with several, to each.
  ///
  /// @param sink where results go
  /// @return a copy
  public Pipeline<T, R> write(Sink<? super R> sink) {
    List<Sink<? super R>> more = new ArrayList<>(sinks);
    more.add(requireNonNull(sink, "sink"));
    return new Pipeline<>(reading, task, more, options);
  }

  /// Keeps what failed in a file of one's own, not in the state's `failures.jsonl`: a line of JSON
  /// for each, with `index`, `input`, `error`, `attempts`, `ms` and `at`.
  ///
  /// @param file the file
  /// @return a copy
  public Pipeline<T, R> failures(Path file) {
    return with(now -> now.failures = Optional.of(file));
  }

  /// Keeps the state of the run in a folder. By default that is beside the first file that is
  /// written: `answers.jsonl.fan`.
  ///
  /// @param folder the folder, which is made
  /// @return a copy
  public Pipeline<T, R> state(Path folder) {
    return with(now -> now.state = Optional.of(folder));
  }

  /// Says what tells the task from others. By default that is a digest of its code, as far as it is
  /// in one class; use this if what matters is elsewhere: a model, a prompt, a service.
  ///
  /// @param words such as `prompt 3`; the run is refused under others
  /// @return a copy
  public Pipeline<T, R> version(String words) {
    return with(now -> now.version = Optional.of(words));
  }

  /// Writes results in the order of inputs, not as they finish. One that takes long (or waits for
  /// another attempt) holds back those behind it, so more of them are under way when the run is
  /// killed.
  ///
  /// @return a copy
  public Pipeline<T, R> ordered() {
    return with(now -> now.order = Options.Order.OF_INPUTS);
  }

  /// Says what a commit survives; by default the end of the machine ([Durability#DISK]).
  ///
  /// @param survives what it is to survive
  /// @return a copy
  public Pipeline<T, R> durability(Durability survives) {
    return with(now -> now.durability = requireNonNull(survives, "survives"));
  }

  /// Forgets what was done before, outputs included, and starts over.
  ///
  /// @return a copy
  public Pipeline<T, R> fresh() {
    return with(now -> now.beginning = Options.Beginning.OVER);
  }

  /// Goes on where it stopped although the inputs or the task are others than before. Inputs are
  /// told by their positions: what is done stays done.
  ///
  /// @return a copy
  public Pipeline<T, R> evenIfChanged() {
    return with(now -> now.beginning = Options.Beginning.EVEN_IF_CHANGED);
  }

  /// Runs what has failed for good so far once more, besides what is left.
  ///
  /// @return a copy
  public Pipeline<T, R> retryFailed() {
    return with(now -> now.earlier = Options.Failures.RUN_AGAIN);
  }

  /// Tells a listener how far the run has come, a few times a second and once more at its end. It
  /// is called on the thread that runs the pipeline; the fan's own listener is not told then.
  ///
  /// @param listener what to tell
  /// @return a copy
  public Pipeline<T, R> progress(Consumer<? super RunProgress> listener) {
    requireNonNull(listener, "listener");
    return with(now -> now.watching = now.watching.progress(listener));
  }

  /// Tells a listener of every input that fails for good, before that is noted. It is called on the
  /// thread that runs the pipeline; what it throws ends the run, and that input is not noted. Only
  /// of an input whose result a sink does not take it is told afterwards.
  ///
  /// @param listener what to tell
  /// @return a copy
  public Pipeline<T, R> onFailure(Consumer<? super FailedInput> listener) {
    requireNonNull(listener, "listener");
    return with(now -> now.watching = now.watching.failures(listener));
  }

  /// Gives the run up when inputs fail; by default it goes on whatever fails.
  ///
  /// @param when how many may fail, and what becomes of the rest
  /// @return a copy
  public Pipeline<T, R> halt(Halt when) {
    requireNonNull(when, "when");
    return with(now -> now.watching = now.watching.halt(when));
  }

  /// Says how much is to be left free on each disk that outputs and state are on. Where there is
  /// less, nothing new is begun until there is room again; what is under way is finished and
  /// written. By default that is 256 MB, or a hundredth of the disk if that is less.
  ///
  /// The same is done by itself while the heap is short: as many inputs are under way as it bears.
  ///
  /// @param bytes how much; 0 to go on until the disk is full, which ends the run
  /// @return a copy
  public Pipeline<T, R> leaveFree(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("what is left free is 0 bytes or more, was " + bytes);
    }
    return with(now -> now.leaveFree = OptionalLong.of(bytes));
  }

  /// Notes in the state the command that runs this, for people and programs that want to repeat it.
  /// It may be another one each time.
  ///
  /// @param folder where it is to be run
  /// @param words the command and its arguments
  /// @return a copy
  public Pipeline<T, R> command(Path folder, List<String> words) {
    RunFolder.Command typed = new RunFolder.Command(folder.toString(), words);
    return with(now -> now.command = typed);
  }

  private Pipeline<T, R> with(Consumer<Options> change) {
    return new Pipeline<>(reading, task, sinks, options.with(change));
  }

  /// Runs it, or what is left of it.
  ///
  /// @param fan how hard: where, how many at a time, how often again, how fast; rates that go by
  ///   keys or weights see the inputs that the task sees
  /// @return what became of it
  /// @throws RunRefused if another process runs it, or it is not the run that was begun
  /// @throws RunBroken if outputs or state cannot be written; what was committed is safe
  /// @throws RunStopped if the task says of an error that others would fail too
  /// @throws CancellationException if the calling thread is interrupted; what has finished is safe,
  ///   and the thread's flag is set again
  public Summary run(Fan fan) {
    requireNonNull(fan, "fan");
    if (sinks.isEmpty()) {
      throw new IllegalStateException("the results go nowhere: give the pipeline a sink by write");
    }
    try (RunFolder folder = RunFolder.open(folder())) {
      return run(fan, folder);
    } catch (ClosedByInterruptException e) {
      CancellationException cancelled =
          new CancellationException("interrupted at the state in " + folder());
      cancelled.initCause(e);
      throw cancelled;
    } catch (IOException e) {
      throw new RunBroken("Cannot run with the state in %s: %s".formatted(folder(), reason(e)), e);
    }
  }

  private static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException denied -> "no permission for " + denied.getFile();
      case NoSuchFileException missing -> "there is no " + missing.getFile();
      case FileAlreadyExistsException other -> other.getFile() + " is a file, not a folder";
      default -> e.getMessage() == null ? e.toString() : e.getMessage();
    };
  }

  private Path folder() {
    return options
        .state
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
    requireApart(folder);
    Settling.Settled settled =
        new Settling(sinks, options.failures, options.beginning, options.durability)
            .settle(folder, settings());
    Standing standing = new Standing(reading.selection().shards());
    try (Journal journal = Journal.open(folder.journal(), options.durability, standing::add)) {
      long before = standing.done() + standing.failures();
      goOn(fan, folder, settled, journal, standing);
      return new Summary(
          standing.done(),
          standing.failures(),
          standing.leftOut(),
          before,
          Duration.ofNanos(System.nanoTime() - begun),
          failures(folder),
          standing.ended());
    }
  }

  private RunFolder.Settings settings() throws IOException {
    return RunFolder.Settings.of(
        reading.identity(),
        options.version.orElseGet(() -> CodeIdentity.of(task)),
        outputs(),
        options.command,
        reading.selection(),
        Clock.systemUTC().instant());
  }

  /// Where results go, and failures if they have a file of their own.
  private List<String> outputs() {
    List<String> all = new ArrayList<>();
    sinks.forEach(sink -> all.add(sink.identity()));
    options.failures.ifPresent(file -> all.add("failures to " + file));
    return all;
  }

  /// No file is read and written, or written twice.
  private void requireApart(RunFolder folder) {
    List<Path> taken = new ArrayList<>();
    reading.source().files().forEach(file -> taken.add(real(file)));
    List<Path> written = new ArrayList<>(List.of(failures(folder)));
    Set<String> tables = new HashSet<>();
    Set<Path> databases = new HashSet<>(); // which may have several tables
    for (Sink<? super R> sink : sinks) {
      if (sink instanceof Table && !tables.add(sink.toString().toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException(
            sink + " is written already by this pipeline: write to another table");
      }
      sink.place()
          .filter(place -> !(sink instanceof Table) || databases.add(place))
          .ifPresent(written::add);
    }
    for (Path file : written) {
      Path place = real(file);
      if (taken.contains(place)) {
        throw new IllegalArgumentException(
            file + " is read or written already by this pipeline: write to another file");
      }
      taken.add(place);
    }
  }

  /// Where a file is, whatever links lead there.
  private static Path real(Path file) {
    Path whole = file.toAbsolutePath().normalize();
    try {
      if (Files.exists(whole)) {
        return whole.toRealPath();
      }
      Path above = whole.getParent();
      return above == null ? whole : above.toRealPath().resolve(whole.getFileName());
    } catch (IOException e) {
      return whole; // a pipe, or in a folder that is not there
    }
  }

  private Path failures(RunFolder folder) {
    return options.failures.orElseGet(folder::failures);
  }

  private void goOn(
      Fan fan, RunFolder folder, Settling.Settled settled, Journal journal, Standing standing)
      throws IOException {
    Durability durability = options.durability;
    try (Outputs outputs = Outputs.open(sinks, settled.run(), standing, journal, durability);
        Letters letters = Letters.open(failures(folder), standing.mark(sinks.size()), durability)) {
      if (settled.changed().isPresent()) {
        readAnew(folder, settled.changed().get(), journal, standing);
      }
      boolean again = options.earlier == Options.Failures.RUN_AGAIN && standing.failures() > 0;
      if (!standing.ended() || again) {
        Optional<String> mark = standing.mark(sinks.size() + 1);
        Step<T, R> step = step(settled.run());
        Optional<Distinct<T>> distinct = distinct(step, folder, mark);
        try (Closeable _ = distinct.<Closeable>map(each -> each).orElse(() -> {})) {
          Optional<KeptResults> kept = distinct.map(Distinct::results);
          Recorder.How how =
              new Recorder.How(reading.selection(), again, durability, reading::keyOf, kept);
          record(fan, folder, step, outputs.all(), letters, journal, standing, how, distinct);
        }
      }
      if (standing.ended()) {
        outputs.finish();
        letters.finish();
      }
    }
  }

  /// Nothing that is known of places in the source holds for another one. The journal forgets them
  /// before the folder says what is read now: whoever is killed between the two is asked once more.
  private void readAnew(
      RunFolder folder, RunFolder.Settings changed, Journal journal, Standing standing)
      throws IOException {
    standing.fromTheStart();
    journal.replace(standing.whole(Clock.systemUTC().instant()), options.durability);
    folder.settings(changed, options.durability);
  }

  private Optional<Distinct<T>> distinct(Step<T, R> step, RunFolder folder, Optional<String> mark)
      throws IOException {
    return reading.sameness() instanceof Sameness.None<T>
        ? Optional.empty()
        : Optional.of(Distinct.open(reading, new FirstStep<>(step), folder, mark, options));
  }

  /// Those that something is written to.
  private DiskRoom disks(RunFolder folder) throws IOException {
    List<Path> files = new ArrayList<>();
    sinks.forEach(sink -> sink.place().ifPresent(files::add));
    files.addAll(List.of(folder.path(), failures(folder)));
    return DiskRoom.of(files, options.leaveFree);
  }

  private void record(
      Fan fan,
      RunFolder folder,
      Step<T, R> step,
      List<Sink.Output> outputs,
      Letters letters,
      Journal journal,
      Standing standing,
      Recorder.How how,
      Optional<Distinct<T>> distinct)
      throws IOException {
    Bookmarks bookmarks = new Bookmarks();
    Sitting.Before before = new Sitting.Before(standing.done(), standing.failures(), how.again());
    PositionSet finished = standing.finished().copy();
    PositionSet left = how.again() ? standing.failed().copy() : new PositionSet();
    Bookmark from = how.again() ? Bookmark.START : standing.bookmark();
    if (how.again()) {
      reading.source().requireSame(standing.bookmark());
    }
    try (Recorder recorder =
            new Recorder(outputs, letters, journal, standing, bookmarks, how, Clock.systemUTC());
        Todo todo =
            new Todo(
                reading.source().open(from),
                from,
                how.selection(),
                position -> finished.contains(position) && !left.contains(position),
                bookmarks)) {
      boolean ordered = options.order == Options.Order.OF_INPUTS;
      Sitting sitting =
          new Sitting(
              todo,
              distinct,
              disks(folder),
              recorder,
              outputs,
              options.watching,
              this::total,
              before,
              reading::keyOf);
      Task<Item, Object> each = distinct.isPresent() ? new FirstStep<>(step) : step;
      try {
        sitting.run(ordered ? fan : fan.unordered(), each, ordered);
      } finally {
        sitting.sumUp(standing);
      }
    }
  }

  private OptionalLong total() {
    OptionalLong all = reading.source().size();
    return all.isEmpty() ? all : OptionalLong.of(reading.selection().count(all.getAsLong()));
  }

  @SuppressWarnings("unchecked") // an encoder of a supertype encodes results too
  private Step<T, R> step(String run) {
    List<Sink.Encoder<R>> encoders =
        sinks.stream().map(sink -> (Sink.Encoder<R>) sink.encoder()).toList();
    return new Step<>(
        run, reading.source().decoder(), reading.where(), reading.keys(), task, encoders);
  }
}

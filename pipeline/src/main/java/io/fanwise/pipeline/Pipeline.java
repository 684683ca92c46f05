package io.fanwise.pipeline;

import static java.util.Objects.requireNonNull;

import io.fanwise.Fan;
import io.fanwise.rows.Bookmark;
import io.fanwise.work.Task;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
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
  private final Reading<T> reading;
  private final Task<? super T, ? extends R> task;
  private final List<Sink<? super R>> sinks;
  private final Options options;

  private enum Order {
    AS_THEY_FINISH,
    OF_INPUTS
  }

  private enum Beginning {
    WHERE_IT_STOPPED,
    EVEN_IF_CHANGED,
    OVER
  }

  private enum Failures {
    LEFT,
    RUN_AGAIN
  }

  /// What is settled apart from what flows where; see the methods of the same names.
  private record Options(
      Optional<Path> state,
      Optional<Path> failures,
      Optional<String> version,
      RunFolder.Command command,
      Order order,
      Durability durability,
      Beginning beginning,
      Failures earlier,
      Sitting.Watching watching) {
    static final Options STANDARD =
        new Options(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            RunFolder.Command.UNKNOWN,
            Order.AS_THEY_FINISH,
            Durability.DISK,
            Beginning.WHERE_IT_STOPPED,
            Failures.LEFT,
            Sitting.Watching.NOTHING);

    Options state(Path folder) {
      return new Options(
          Optional.of(folder),
          failures,
          version,
          command,
          order,
          durability,
          beginning,
          earlier,
          watching);
    }

    Options failures(Path file) {
      return new Options(
          state,
          Optional.of(file),
          version,
          command,
          order,
          durability,
          beginning,
          earlier,
          watching);
    }

    Options version(String words) {
      return new Options(
          state,
          failures,
          Optional.of(words),
          command,
          order,
          durability,
          beginning,
          earlier,
          watching);
    }

    Options command(RunFolder.Command words) {
      return new Options(
          state, failures, version, words, order, durability, beginning, earlier, watching);
    }

    Options order(Order output) {
      return new Options(
          state, failures, version, command, output, durability, beginning, earlier, watching);
    }

    Options durability(Durability survives) {
      return new Options(
          state, failures, version, command, order, survives, beginning, earlier, watching);
    }

    Options beginning(Beginning where) {
      return new Options(
          state, failures, version, command, order, durability, where, earlier, watching);
    }

    Options earlier(Failures done) {
      return new Options(
          state, failures, version, command, order, durability, beginning, done, watching);
    }

    Options watching(Sitting.Watching how) {
      return new Options(
          state, failures, version, command, order, durability, beginning, earlier, how);
    }
  }

  private Pipeline(
      Reading<T> reading,
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
  public static <T> Reading<T> read(Source<T> source) {
    return new Reading<>(
        requireNonNull(source, "source"), Selection.ALL, new Everything(), new Keys.None<>());
  }

  /// What is read, and nothing done with it yet. Immutable.
  ///
  /// @param <T> the type of inputs
  public static final class Reading<T> {
    private final Source<T> source;
    private final Selection selection;
    private final Task<? super T, Boolean> where;
    private final Keys<T> keys;

    private Reading(
        Source<T> source, Selection selection, Task<? super T, Boolean> where, Keys<T> keys) {
      this.source = source;
      this.selection = selection;
      this.where = where;
      this.keys = keys;
    }

    /// Runs only those inputs; they keep their positions.
    ///
    /// @param from the position of the first, from 0
    /// @param to the position after the last
    /// @return a copy
    public Reading<T> range(long from, long to) {
      return new Reading<>(source, selection.range(from, to), where, keys);
    }

    /// Runs only one of several parts of equal size, for as many machines: of four, the second has
    /// the positions 1, 5, 9 and so on. Each needs a state and outputs of its own.
    ///
    /// @param shard which, from 1
    /// @param of how many there are
    /// @return a copy
    public Reading<T> shard(int shard, int of) {
      return new Reading<>(source, selection.shard(shard, of), where, keys);
    }

    /// Runs only inputs for which a condition holds. The others keep their positions, but nothing
    /// is written for them and they are neither done nor failed; an input for which the condition
    /// throws has failed. Said twice, both must hold.
    ///
    /// It is asked on the worker, where the fan's rate and retries hold for it as for the task; and
    /// another condition makes another run.
    ///
    /// @param condition what must be true of an input
    /// @return a copy
    public Reading<T> where(Task<? super T, Boolean> condition) {
      requireNonNull(condition, "condition");
      Task<? super T, Boolean> before = where;
      return new Reading<>(
          source,
          selection,
          before instanceof Everything ? condition : new Both<>(before, condition),
          keys);
    }

    /// Calls inputs by names of your own, such as the id of a record: they stand as `key` in JSON
    /// Lines and in what is kept of failures.
    ///
    /// That is all they do. It is positions by which a run goes on and knows what is done: equal
    /// keys are not found out, and inputs that have moved are not found again by them.
    ///
    /// @param function gives the name of an input, which is not null; an input for which it throws
    ///   has failed
    /// @return a copy
    public Reading<T> key(Task<? super T, ?> function) {
      return new Reading<>(
          source, selection, where, new Keys.By<T>(requireNonNull(function, "function")));
    }

    /// The key of an input that failed; none if it failed so early that it has none.
    private Optional<byte[]> keyOf(Item item) {
      try {
        return keys instanceof Keys.By<T>
            ? keys.of(source.decoder().run(item.raw()))
            : Optional.empty();
      } catch (Exception e) {
        return Optional.empty();
      }
    }

    /// Two conditions that must hold.
    ///
    /// @param first the one that is asked first
    /// @param second the one that is asked if that holds
    /// @param <T> the type of inputs
    private record Both<T>(Task<? super T, Boolean> first, Task<? super T, Boolean> second)
        implements Task<T, Boolean> {
      @Override
      public Boolean run(T input) throws Exception {
        return first.run(input) && second.run(input);
      }
    }

    /// What tells a condition from others.
    private static List<String> told(Task<?, Boolean> condition) {
      return switch (condition) {
        case Everything() -> List.of();
        case Both<?>(var first, var second) ->
            Stream.concat(told(first).stream(), told(second).stream()).toList();
        default -> List.of("where " + CodeIdentity.of(condition));
      };
    }

    /// Says what is done with each input.
    ///
    /// @param task what to run
    /// @return the pipeline, which still needs a sink
    /// @param <R> the type of results
    public <R> Pipeline<T, R> map(Task<? super T, ? extends R> task) {
      return new Pipeline<>(this, requireNonNull(task, "task"), List.of(), Options.STANDARD);
    }

    private List<String> identity() throws IOException {
      List<String> lines = new ArrayList<>(source.identity());
      lines.addAll(told(where));
      if (keys instanceof Keys.By<T>(var function)) {
        lines.add("key " + CodeIdentity.of(function));
      }
      return lines;
    }
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
    return with(options.failures(file));
  }

  /// Keeps the state of the run in a folder. By default that is beside the first file that is
  /// written: `answers.jsonl.fan`.
  ///
  /// @param folder the folder, which is made
  /// @return a copy
  public Pipeline<T, R> state(Path folder) {
    return with(options.state(folder));
  }

  /// Says what tells the task from others. By default that is a digest of its code, as far as it is
  /// in one class; use this if what matters is elsewhere: a model, a prompt, a service.
  ///
  /// @param words such as `prompt 3`; the run is refused under others
  /// @return a copy
  public Pipeline<T, R> version(String words) {
    return with(options.version(words));
  }

  /// Writes results in the order of inputs, not as they finish. One that takes long (or waits for
  /// another attempt) holds back those behind it, so more of them are under way when the run is
  /// killed.
  ///
  /// @return a copy
  public Pipeline<T, R> ordered() {
    return with(options.order(Order.OF_INPUTS));
  }

  /// Says what a commit survives; by default the end of the machine ([Durability#DISK]).
  ///
  /// @param survives what it is to survive
  /// @return a copy
  public Pipeline<T, R> durability(Durability survives) {
    return with(options.durability(survives));
  }

  /// Forgets what was done before, outputs included, and starts over.
  ///
  /// @return a copy
  public Pipeline<T, R> fresh() {
    return with(options.beginning(Beginning.OVER));
  }

  /// Goes on where it stopped although the inputs or the task are others than before. Inputs are
  /// told by their positions: what is done stays done.
  ///
  /// @return a copy
  public Pipeline<T, R> evenIfChanged() {
    return with(options.beginning(Beginning.EVEN_IF_CHANGED));
  }

  /// Runs what has failed for good so far once more, besides what is left.
  ///
  /// @return a copy
  public Pipeline<T, R> retryFailed() {
    return with(options.earlier(Failures.RUN_AGAIN));
  }

  /// Tells a listener how far the run has come, a few times a second and once more at its end. It
  /// is called on the thread that runs the pipeline; the fan's own listener is not told then.
  ///
  /// @param listener what to tell
  /// @return a copy
  public Pipeline<T, R> progress(Consumer<? super RunProgress> listener) {
    requireNonNull(listener, "listener");
    return with(options.watching(options.watching().progress(listener)));
  }

  /// Tells a listener of every input that fails for good, before that is noted. It is called on the
  /// thread that runs the pipeline; what it throws ends the run, and that input is not noted.
  ///
  /// @param listener what to tell
  /// @return a copy
  public Pipeline<T, R> onFailure(Consumer<? super FailedInput> listener) {
    requireNonNull(listener, "listener");
    return with(options.watching(options.watching().failures(listener)));
  }

  /// Gives the run up when inputs fail; by default it goes on whatever fails.
  ///
  /// @param when how many may fail, and what becomes of the rest
  /// @return a copy
  public Pipeline<T, R> halt(Halt when) {
    return with(options.watching(options.watching().halt(requireNonNull(when, "when"))));
  }

  /// Notes in the state the command that runs this, for people and programs that want to repeat it.
  /// It may be another one each time.
  ///
  /// @param folder where it is to be run
  /// @param words the command and its arguments
  /// @return a copy
  public Pipeline<T, R> command(Path folder, List<String> words) {
    return with(options.command(new RunFolder.Command(folder.toString(), words)));
  }

  private Pipeline<T, R> with(Options other) {
    return new Pipeline<>(reading, task, sinks, other);
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
        .state()
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
    Settled settled = settle(folder);
    Standing standing = new Standing();
    try (Journal journal = Journal.open(folder.journal(), standing::add)) {
      if (!settled.sameSource()) {
        standing.fromTheStart();
      }
      long before = standing.done() + standing.failures();
      goOn(fan, folder, settled.run(), journal, standing);
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

  /// No file is read and written, or written twice.
  private void requireApart(RunFolder folder) {
    List<Path> taken = new ArrayList<>();
    reading.source.files().forEach(file -> taken.add(file.toAbsolutePath().normalize()));
    List<Path> written = new ArrayList<>(List.of(failures(folder)));
    sinks.forEach(sink -> sink.place().ifPresent(written::add));
    for (Path file : written) {
      Path place = file.toAbsolutePath().normalize();
      if (taken.contains(place)) {
        throw new IllegalArgumentException(
            file + " is read or written already by this pipeline: write to another file");
      }
      taken.add(place);
    }
  }

  /// What is known of the run when the folder is known to be its own.
  ///
  /// @param run what tells it from all others
  /// @param sameSource whether the source, and what of it is run, is what it was
  private record Settled(String run, boolean sameSource) {}

  /// Makes sure that the folder is of this run.
  private Settled settle(RunFolder folder) throws IOException {
    RunFolder.Settings now =
        RunFolder.Settings.of(
            reading.identity(),
            options.version().orElseGet(() -> CodeIdentity.of(task)),
            sinks.stream().map(Sink::identity).toList(),
            options.command(),
            reading.selection,
            Clock.systemUTC().instant());
    if (options.beginning() == Beginning.OVER) {
      folder.clear();
    }
    RunFolder.Settings before = folder.settings();
    boolean same =
        before != null && before.sinks().equals(now.sinks()) && before.differences(now).isEmpty();
    if (before == null || (folder.untouched() && !same)) {
      boolean ours = before != null && before.sinks().equals(now.sinks());
      if (options.beginning() != Beginning.OVER && !ours) {
        requireFree();
      }
      folder.settings(now, options.durability());
      return new Settled(now.id(), true);
    }
    requireSame(before, now, folder);
    RunFolder.Settings known = before.changedTo(now);
    if (now.command().equals(RunFolder.Command.UNKNOWN)) {
      known = known.command(before.command());
    } else {
      known = known.command(now.command());
    }
    if (!known.equals(before)) {
      folder.settings(known, options.durability());
    }
    boolean sameSource =
        before.source().equals(now.source()) && before.selection().equals(now.selection());
    return new Settled(before.id(), sameSource);
  }

  private void requireSame(RunFolder.Settings before, RunFolder.Settings now, RunFolder folder) {
    before
        .otherSinks(now)
        .ifPresent(difference -> {
          throw new RunRefused(
              RunRefused.Reason.CHANGED,
              "The run in %s is another one: %s".formatted(folder.path(), difference),
              ". What is done is there, so finish it there, or start over by fresh.");
        });
    List<String> differences = before.differences(now);
    if (!differences.isEmpty() && options.beginning() != Beginning.EVEN_IF_CHANGED) {
      throw new RunRefused(
          RunRefused.Reason.CHANGED,
          "The run in %s is another one: %s"
              .formatted(folder.path(), String.join("; ", differences)),
          ". Go on with it all the same by evenIfChanged, or start over by fresh.");
    }
  }

  /// Nothing that is there already, and is of no run, is overwritten unasked.
  private void requireFree() throws IOException {
    for (Sink<? super R> sink : sinks) {
      String there = sink.occupied().orElse(null);
      if (there != null) {
        throw new RunRefused(
            RunRefused.Reason.OUTPUT_THERE,
            there + ", and not from this run",
            ": move it away, write to another place, or start over by fresh");
      }
    }
  }

  private Path failures(RunFolder folder) {
    return options.failures().orElseGet(folder::failures);
  }

  private void goOn(Fan fan, RunFolder folder, String run, Journal journal, Standing standing)
      throws IOException {
    Durability durability = options.durability();
    try (Outputs outputs = Outputs.open(sinks, run, standing, journal, durability);
        Letters letters = Letters.open(failures(folder), standing.mark(sinks.size()), durability)) {
      boolean again = options.earlier() == Failures.RUN_AGAIN && standing.failures() > 0;
      if (!standing.ended() || again) {
        Recorder.How how = new Recorder.How(reading.selection, again, durability, reading::keyOf);
        record(fan, outputs.all(), letters, journal, standing, how);
      }
      if (standing.ended()) {
        outputs.finish();
        letters.finish();
      }
    }
  }

  private void record(
      Fan fan,
      List<Sink.Output> outputs,
      Letters letters,
      Journal journal,
      Standing standing,
      Recorder.How how)
      throws IOException {
    Bookmarks bookmarks = new Bookmarks();
    Sitting.Before before = new Sitting.Before(standing.done(), standing.failures(), how.again());
    PositionSet finished = standing.finished().copy();
    PositionSet left = how.again() ? standing.failed().copy() : new PositionSet();
    Bookmark from = how.again() ? Bookmark.START : standing.bookmark();
    try (Recorder recorder =
            new Recorder(outputs, letters, journal, standing, bookmarks, how, Clock.systemUTC());
        Todo todo =
            new Todo(
                reading.source.open(from),
                from,
                how.selection(),
                position -> finished.contains(position) && !left.contains(position),
                bookmarks)) {
      boolean ordered = options.order() == Order.OF_INPUTS;
      Sitting sitting =
          new Sitting(
              todo, recorder, outputs, options.watching(), this::total, before, reading::keyOf);
      try {
        sitting.run(ordered ? fan : fan.unordered(), step(), ordered);
      } finally {
        sitting.sumUp(standing);
      }
    }
  }

  private OptionalLong total() {
    OptionalLong all = reading.source.size();
    return all.isEmpty() ? all : OptionalLong.of(reading.selection.count(all.getAsLong()));
  }

  @SuppressWarnings("unchecked") // an encoder of a supertype encodes results too
  private Step<T, R> step() {
    List<Sink.Encoder<R>> encoders =
        sinks.stream().map(sink -> (Sink.Encoder<R>) sink.encoder()).toList();
    return new Step<>(reading.source.decoder(), reading.where, reading.keys, task, encoders);
  }
}

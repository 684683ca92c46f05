package io.fanwise.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How a run stands, as the folder of its state tells it, whether somebody is at it or not. Nothing
/// is changed by looking.
///
/// ```java
/// RunState state = RunState.read(Path.of("answers.jsonl.fan"));
/// ```
///
/// A snapshot. Confined to one thread at a time.
public final class RunState {
  private static final Pattern HOLDER = Pattern.compile("process (\\d+) since (\\S+)");

  private final Path folder;
  private final RunFolder.Settings settings;
  private final Standing standing;
  private final Journal.Soundness journal;

  private RunState(
      Path folder, RunFolder.Settings settings, Standing standing, Journal.Soundness journal) {
    this.folder = folder;
    this.settings = settings;
    this.standing = standing;
    this.journal = journal;
  }

  /// Reads the state of a run.
  ///
  /// @param folder the folder it is in
  /// @return the state
  /// @throws NoSuchFileException if there is none
  /// @throws IOException if it cannot be read
  /// @throws RunRefused if it is damaged, or was made by another version
  public static RunState read(Path folder) throws IOException {
    RunFolder.Settings settings = RunFolder.settings(folder);
    if (settings == null) {
      throw new NoSuchFileException(folder.toString(), null, "no run has its state there");
    }
    Standing standing = new Standing(settings.selection().shards());
    Path journal = folder.resolve("journal");
    Journal.Soundness soundness =
        Files.exists(journal)
            ? Journal.read(journal, standing::add)
            : new Journal.Soundness(0, 0, false);
    return new RunState(folder, settings, standing, soundness);
  }

  /// Where it is kept.
  ///
  /// @return the folder
  public Path folder() {
    return folder;
  }

  /// When it was begun.
  ///
  /// @return the time
  public Instant created() {
    return settings.created();
  }

  /// What is read, but for which part of it.
  ///
  /// @return a line for each thing
  public List<String> source() {
    return settings.source();
  }

  /// Which of the inputs are run.
  ///
  /// @return the part, such as `0 on, shard 2 of 4`; `all` if that is so
  public Part part() {
    Selection selection = settings.selection();
    return new Part(selection.from(), selection.to(), selection.shard(), selection.shards());
  }

  /// Which of the inputs a run is about. Immutable.
  ///
  /// @param from the position of the first
  /// @param to the position after the last; [Long#MAX_VALUE] if there is no such limit
  /// @param shard which shard of them, from 1
  /// @param shards how many shards there are
  public record Part(long from, long to, int shard, int shards) {}

  /// What is done.
  ///
  /// @return what tells the task from others
  public String task() {
    return settings.task();
  }

  /// Where results go.
  ///
  /// @return a line for each output
  public List<String> sinks() {
    return settings.sinks();
  }

  /// Where the command is to be run that goes on with it.
  ///
  /// @return the folder; empty if nobody has said
  public Optional<Path> place() {
    String place = settings.command().folder();
    return place.isEmpty() ? Optional.empty() : Optional.of(Path.of(place));
  }

  /// The command that goes on with it.
  ///
  /// @return its words; none if nobody has said
  public List<String> command() {
    return settings.command().words();
  }

  /// How many inputs have a result in the outputs.
  ///
  /// @return the number
  public long done() {
    return standing.done();
  }

  /// How many inputs have failed for good.
  ///
  /// @return the number
  public long failed() {
    return standing.failures();
  }

  /// Whether an input has a result, or nothing to say.
  ///
  /// @param position its position, from 0
  /// @return whether it is done
  public boolean isDone(long position) {
    return standing.finished().contains(position) && !standing.failed().contains(position);
  }

  /// Whether an input has failed for good.
  ///
  /// @param position its position, from 0
  /// @return whether it has
  public boolean hasFailed(long position) {
    return standing.failed().contains(position);
  }

  /// Whether no input is left.
  ///
  /// @return whether the run is at its end
  public boolean complete() {
    return standing.ended();
  }

  /// When results were made safe last.
  ///
  /// @return the time; empty if that never was
  public Optional<Instant> committed() {
    return standing.committed();
  }

  /// Where the outputs stood then, each in its own words.
  ///
  /// @return a mark for each sink
  public List<String> marks() {
    List<String> marks = new ArrayList<>();
    for (int i = 0; i < settings.sinks().size(); i++) {
      standing.mark(i).ifPresent(marks::add);
    }
    return marks;
  }

  /// The file with what failed, unless the pipeline names another.
  ///
  /// @return the file, which need not be there
  public Path failures() {
    return folder.resolve("failures.jsonl");
  }

  /// How many bytes of the journal are not to be read: a commit that was under way when the process
  /// was killed. They are cut off when the run goes on.
  ///
  /// @return 0 if it is whole
  public long torn() {
    return journal.size() - journal.good();
  }

  /// Whether there are commits behind something that is not to be read: the journal was damaged
  /// after it was written, and what comes after the damage is run again.
  ///
  /// @return whether something was lost
  public boolean damaged() {
    return journal.moreAfter();
  }

  /// The process that is at it, as far as can be told on this machine.
  ///
  /// @return `process 4711 since …`; empty if none is
  /// @throws IOException if that cannot be found out
  public Optional<String> holder() throws IOException {
    String words = RunFolder.holder(folder);
    Matcher holder = HOLDER.matcher(words);
    return holder.matches() && lives(holder) ? Optional.of(words) : Optional.empty();
  }

  /// Whether there is such a process, and not another one by the same number.
  private static boolean lives(Matcher holder) {
    Instant since;
    try {
      since = Instant.parse(holder.group(2));
    } catch (DateTimeParseException e) {
      return false; // nobody has said so
    }
    return ProcessHandle.of(Long.parseLong(holder.group(1)))
        .filter(ProcessHandle::isAlive)
        .flatMap(process -> process.info().startInstant())
        .filter(started -> !started.isAfter(since))
        .isPresent();
  }
}

package io.fanwise.cli;

import io.fanwise.cli.exec.Quotes;
import io.fanwise.pipeline.RunRefused;
import io.fanwise.pipeline.RunState;
import io.fanwise.rows.BadInput;
import io.fanwise.rows.Format;
import io.fanwise.rows.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The state of a run that the command has begun, found by its output or its own folder. Confined
/// to the thread that runs the command.
///
/// @param folder where it is kept
/// @param state how it stands
record KeptState(Path folder, RunState state) {
  private static final String PROGRESS = "progress.json";

  /// @param named the file of results, or the folder of the state
  /// @throws BadInput if there is no such state
  static KeptState of(Path named) {
    Path folder = Files.exists(named.resolve("run.json")) ? named : StateOptions.beside(named);
    try {
      return new KeptState(folder, RunState.read(folder));
    } catch (NoSuchFileException e) {
      throw new BadInput(
          "%s is of no run: there is no state in %s; name the folder that --state gave"
              .formatted(named, folder));
    } catch (RunRefused e) {
      throw new BadInput(Say.message(e));
    } catch (IOException e) {
      throw new BadInput("Cannot read %s: %s".formatted(folder, Say.message(e)));
    }
  }

  /// The file of results.
  Path output() {
    String sink = state.sinks().getFirst();
    Path file = Path.of(sink.substring(sink.indexOf(" to ") + " to ".length()));
    return state.place().map(place -> place.resolve(file)).orElse(file);
  }

  /// How its results are written: what stands before the file.
  String writing() {
    String sink = state.sinks().getFirst();
    return sink.substring(0, sink.indexOf(" to "));
  }

  /// The format of its results.
  Format format() {
    return Format.valueOf(writing().split(" ", 2)[0].toUpperCase(Locale.ROOT));
  }

  /// Whether each of its records says of which input it is, in a place of its own.
  boolean indexed() {
    boolean parted = format() == Format.JSONL || format().tabular();
    return parted && writing().contains("index");
  }

  /// Whether inputs may be done and have no record.
  boolean skips() {
    return state.task().contains(StateOptions.WHERE);
  }

  /// How far the file of results had got at the last commit.
  KeptSink.Mark mark() {
    return KeptSink.Mark.of(state.marks().stream().findFirst());
  }

  /// Why the run cannot go on, and what to do; empty if it can.
  Optional<String> damage() throws IOException {
    if (!state.damaged()) {
      return Optional.empty();
    }
    Path journal = folder.resolve("journal");
    long readable = Files.size(journal) - state.torn();
    return Optional.of(
        "%s is damaged at byte %,d, with more behind it: put it back from a copy; or cut it there (truncate -s %d %s), and what is behind is run again; or start over by --fresh"
            .formatted(journal, readable, readable, Quotes.readable(List.of("" + journal))));
  }

  /// The command that goes on with it, as a line for a shell.
  Optional<String> again(Path here) {
    if (state.command().isEmpty()) {
      return Optional.empty();
    }
    List<String> words = new ArrayList<>(List.of("fan"));
    words.addAll(state.command());
    String line = Quotes.readable(words);
    return Optional.of(
        state
            .place()
            .filter(place -> !place.equals(here))
            .map(place -> "cd %s && %s".formatted(Quotes.readable(List.of("" + place)), line))
            .orElse(line));
  }

  /// What there is of a run that would write to a file, in a sentence.
  static String told(Path file, StateOptions options) {
    Path folder = options.folder(file);
    if (!Files.exists(folder.resolve("run.json"))) {
      return "Nothing of it has been run; its state would be kept in %s.".formatted(folder);
    }
    RunState state = KeptState.of(folder).state();
    String stands =
        "%s are done, %s failed"
            .formatted(Counts.number(state.done()), Counts.number(state.failed()));
    return options.fresh
        ? "It would start over; of the run in %s, %s.".formatted(folder, stands)
        : "It would go on with the run in %s, of which %s.".formatted(folder, stands);
  }

  /// What the process that is at it, or was last, has said of its progress; empty if nothing.
  Optional<JsonNode> progress() {
    try {
      return Optional.of(Json.read(Files.readString(folder.resolve(PROGRESS)), JsonNode.class));
    } catch (NoSuchFileException | JacksonException e) {
      return Optional.empty(); // who was killed while the disk was full has left half of it
    } catch (IOException e) {
      throw new BadInput("Cannot read %s: %s".formatted(folder.resolve(PROGRESS), Say.message(e)));
    }
  }

  /// Says how far the run has come, for whoever looks into the folder. The run does not depend on
  /// it: if it cannot be written, they see older numbers.
  static void tell(Path folder, Map<String, ?> progress) {
    Path file = folder.resolve(PROGRESS);
    Path fresh = folder.resolve(PROGRESS + ".new");
    try {
      Files.writeString(fresh, Json.text(progress) + "\n");
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      return;
    }
  }
}

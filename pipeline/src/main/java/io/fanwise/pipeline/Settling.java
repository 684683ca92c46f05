package io.fanwise.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Makes sure that a folder of state is of the run that a pipeline is to go on with, or free for
/// it. Immutable.
///
/// @param sinks where results go
/// @param failures the file for what fails, if it is not the state's own
/// @param beginning what is done with a run that was begun before
/// @param durability what the settings survive
record Settling(
    List<? extends Sink<?>> sinks,
    Optional<Path> failures,
    Options.Beginning beginning,
    Durability durability) {
  Settling {
    sinks = List.copyOf(sinks);
  }

  /// What is known of the run when the folder is known to be its own.
  ///
  /// @param run what tells it from all others
  /// @param changed what is to be noted of another source, or of another part of it that is run;
  ///   the journal has to know first
  record Settled(String run, Optional<RunFolder.Settings> changed) {}

  /// Notes in the folder what is run, unless the source has changed.
  ///
  /// @throws RunRefused if the folder is of another run, or an output is there already
  Settled settle(RunFolder folder, RunFolder.Settings now) throws IOException {
    if (beginning == Options.Beginning.OVER) {
      folder.clear();
    }
    RunFolder.Settings before = folder.settings();
    if (before == null) {
      return begin(folder, now, Optional.empty());
    }
    requireJournal(folder);
    boolean same = before.otherSinks(now).isEmpty() && before.differences(now).isEmpty();
    return folder.untouched() && !same
        ? begin(folder, now, Optional.of(before))
        : goOn(folder, before, now);
  }

  private Settled begin(
      RunFolder folder, RunFolder.Settings now, Optional<RunFolder.Settings> before)
      throws IOException {
    boolean ours = before.isPresent() && before.get().otherSinks(now).isEmpty();
    if (beginning != Options.Beginning.OVER && !ours) {
      requireFree();
    }
    folder.settings(now, durability);
    return new Settled(now.id(), Optional.empty());
  }

  private Settled goOn(RunFolder folder, RunFolder.Settings before, RunFolder.Settings now)
      throws IOException {
    requireSame(before, now, folder);
    boolean typed = !now.command().equals(RunFolder.Command.UNKNOWN);
    RunFolder.Settings known =
        before.changedTo(now).command(typed ? now.command() : before.command());
    if (!before.source().equals(now.source()) || !before.selection().equals(now.selection())) {
      return new Settled(before.id(), Optional.of(known));
    }
    if (!known.equals(before)) {
      folder.settings(known, durability);
    }
    return new Settled(before.id(), Optional.empty());
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
    if (!differences.isEmpty() && beginning != Options.Beginning.EVEN_IF_CHANGED) {
      throw new RunRefused(
          RunRefused.Reason.CHANGED,
          "The run in %s is another one: %s"
              .formatted(folder.path(), String.join("; ", differences)),
          ". Go on with it all the same by evenIfChanged, or start over by fresh.");
    }
  }

  /// Outputs are begun when there is a journal: without it, what is in them would be cut off.
  private void requireJournal(RunFolder folder) throws IOException {
    if (Files.exists(folder.journal())) {
      return;
    }
    for (Sink<?> sink : sinks) {
      String there = sink.occupied().orElse(null);
      if (there != null) {
        throw new RunRefused(
            RunRefused.Reason.DAMAGED,
            "%s, but the journal of its run, %s, is gone".formatted(there, folder.journal()),
            ": put it back, or start over by fresh");
      }
    }
  }

  /// Nothing that is there already, and is of no run, is overwritten unasked.
  private void requireFree() throws IOException {
    for (Sink<?> sink : sinks) {
      requireFree(sink.occupied());
    }
    if (failures.isPresent()) {
      requireFree(Target.of(failures.get()).occupied());
    }
  }

  private static void requireFree(Optional<String> there) {
    if (there.isPresent()) {
      throw new RunRefused(
          RunRefused.Reason.OUTPUT_THERE,
          there.get() + ", and not from this run",
          ": move it away, write to another place, or start over by fresh");
    }
  }
}

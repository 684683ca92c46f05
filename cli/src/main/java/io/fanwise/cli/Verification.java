package io.fanwise.cli;

import io.fanwise.pipeline.RunState;
import io.fanwise.rows.BadInput;
import io.fanwise.rows.Compression;
import io.fanwise.rows.Format;
import io.fanwise.rows.Inputs;
import io.fanwise.rows.Reading;
import io.fanwise.rows.Row;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// One comparison of the results of a run with its state. Confined to the thread that runs the
/// command.
final class Verification {
  private final KeptState kept;
  private final RunState state;
  private final List<String> wrong = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  Verification(KeptState kept) {
    this.kept = kept;
    this.state = kept.state();
  }

  /// Compares; returns what is not as it should be.
  List<String> wrong() {
    try {
      if (journal()) {
        if (size()) {
          records();
        }
        failures();
      }
    } catch (BadInput e) {
      wrong.add(Say.message(e));
    } catch (IOException e) {
      wrong.add("cannot be read: " + Say.message(e));
    }
    return wrong;
  }

  /// What is worth knowing, and not wrong.
  List<String> notes() {
    return notes;
  }

  /// Whether it can be read, so that there is something to compare with.
  private boolean journal() throws IOException {
    if (!Files.exists(kept.folder().resolve("journal"))) {
      wrong.add(
          "%s is not there: put it back from a copy, or start over by --fresh"
              .formatted(kept.folder().resolve("journal")));
      return false;
    }
    kept.damage().ifPresent(wrong::add);
    if (state.torn() > 0 && wrong.isEmpty()) {
      notes.add(
          "note: the journal ends in a commit that was cut short (%,d bytes); it is run again"
              .formatted(state.torn()));
    }
    return wrong.isEmpty();
  }

  /// Whether the file has at least what was committed.
  private boolean size() throws IOException {
    Path file = kept.output();
    long committed = kept.mark().bytes();
    if (!Files.exists(file)) {
      if (committed > 0) {
        wrong.add("%s is not there, but should have %,d bytes".formatted(file, committed));
      }
      return false;
    }
    long size = Files.size(file);
    if (size < committed) {
      wrong.add("%s has %,d bytes, but %,d were written".formatted(file, size, committed));
    } else if (size > committed && state.complete()) {
      wrong.add("%s has %,d bytes, but only %,d were written".formatted(file, size, committed));
    } else if (size > committed) {
      notes.add(
          "note: the last %,d bytes of %s are not committed; they are cut off when the run goes on"
              .formatted(size - committed, file));
    }
    return size == committed;
  }

  private void records() {
    Format format = kept.format();
    boolean countable = format != Format.LINES;
    boolean indexed = kept.indexed();
    if (!countable) {
      notes.add("note: lines are not counted, as a result may have several; their bytes agree");
      unpack();
      return;
    }
    long records = 0;
    Indexes indexes = new Indexes();
    Reading reading = Reading.standard().format(format);
    try (Inputs all =
        Inputs.of(List.of("" + kept.output()), InputStream.nullInputStream(), reading)) {
      while (all.hasNext()) {
        Row row = all.next().sound();
        records++;
        JsonNode json = format == Format.JSONL ? row.json() : null;
        if (indexed) {
          indexes.add(
              json == null ? Long.parseLong(row.col("index")) : json.path("index").asLong());
        }
      }
    }
    if (records != kept.mark().records()) {
      wrong.add(
          "%s has %,d records, but %,d were written"
              .formatted(kept.output(), records, kept.mark().records()));
    }
    if (indexed) {
      indexes.check();
    }
  }

  /// Whether what is packed can be unpacked.
  private void unpack() {
    Path file = kept.output();
    if (Compression.of("" + file) != Compression.NONE) {
      try (InputStream in = Compression.unpacked(Files.newInputStream(file))) {
        in.transferTo(OutputStream.nullOutputStream());
      } catch (IOException e) {
        wrong.add("%s cannot be unpacked: %s".formatted(file, Say.message(e)));
      }
    }
  }

  /// The positions that records speak of.
  private final class Indexes {
    private final BitSet seen = new BitSet();
    private long unknown;
    private long twice;

    void add(long index) {
      if (!state.isDone(index) && !state.hasFailed(index)) {
        unknown++;
      } else if (seen.get(Math.toIntExact(index)) && !mayBeTwice()) {
        twice++;
      } else {
        seen.set(Math.toIntExact(index));
      }
    }

    /// What a program that failed has printed is taken out at the end of the run in which it does
    /// well.
    private boolean mayBeTwice() {
      return state.task().startsWith("exec") && !state.complete();
    }

    void check() {
      if (unknown > 0) {
        wrong.add("%,d records are of inputs that are not done".formatted(unknown));
      }
      if (twice > 0) {
        wrong.add("%,d records are of inputs that have one already".formatted(twice));
      }
      long missing = state.done() - seen.stream().filter(state::isDone).count();
      if (missing > 0 && !kept.skips()) {
        wrong.add("%,d inputs are done, and in no record".formatted(missing));
      }
    }
  }

  private void failures() throws IOException {
    if (state.failed() == 0) {
      return;
    }
    if (!Files.exists(state.failures())) {
      wrong.add("%s is not there".formatted(state.failures()));
      return;
    }
    BitSet told = new BitSet();
    Reading reading = Reading.standard().format(Format.JSONL);
    try (Inputs letters =
        Inputs.of(List.of("" + state.failures()), InputStream.nullInputStream(), reading)) {
      letters.forEachRemaining(
          letter -> told.set(Math.toIntExact(letter.json().path("index").asLong())));
    }
    long missing = state.failed() - told.stream().filter(state::hasFailed).count();
    if (missing > 0) {
      wrong.add("%,d inputs failed, and are not in %s".formatted(missing, state.failures()));
    }
  }
}

package io.fanwise.pipeline;

import io.fanwise.rows.Bookmark;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How far a run has come, as its journal tells it. Confined to one thread at a time.
final class Standing {
  private final int shards;
  private PositionSet finished;
  private PositionSet failed;
  private List<String> marks = List.of();
  private Bookmark bookmark = Bookmark.START;
  private long frames;
  private @Nullable Instant committed;
  private long leftOut;
  private boolean ended;

  /// @param shards how many shards there are of the inputs, of which one is run
  Standing(int shards) {
    this.shards = shards;
    this.finished = new PositionSet(shards);
    this.failed = new PositionSet(shards);
  }

  /// Takes in the next frame.
  void add(Frame frame) {
    if (frame.kind() == Frame.Kind.WHOLE) {
      finished = new PositionSet(shards);
      failed = new PositionSet(shards);
    }
    frame.done().addTo(finished);
    frame.done().removeFrom(failed);
    frame.failed().addTo(finished);
    frame.failed().addTo(failed);
    marks = frame.marks();
    bookmark = frame.bookmark();
    frames = frame.number();
    committed = frame.at();
    leftOut = frame.leftOut();
    ended = frame.kind() == Frame.Kind.END || (ended && frame.kind() == Frame.Kind.WHOLE);
  }

  /// Forgets where it was in the source, and that this was the end: the source is another by now.
  void fromTheStart() {
    bookmark = Bookmark.START;
    ended = false;
  }

  /// Notes a later place in the source, before which nothing is unfinished.
  void at(Bookmark later) {
    bookmark = later;
  }

  /// How many shards there are of the inputs.
  int shards() {
    return shards;
  }

  /// When the last frame was made.
  Optional<Instant> committed() {
    return Optional.ofNullable(committed);
  }

  /// How many frames there are.
  long frames() {
    return frames;
  }

  /// Everything so far as one frame.
  Frame whole(Instant now) {
    return new Frame(
        frames,
        now,
        marks,
        finished.stretches(failed),
        failed.stretches(),
        bookmark,
        Frame.Kind.WHOLE,
        leftOut);
  }

  /// What is done, left out, or has failed for good.
  PositionSet finished() {
    return finished;
  }

  /// The first input of a selection that is neither done nor failed.
  long firstUnfinished(Selection selection) {
    return finished.firstMissing(selection);
  }

  /// What has failed for good.
  PositionSet failed() {
    return failed;
  }

  /// How many are done and have a result.
  long done() {
    return finished.size() - failed.size() - leftOut;
  }

  /// How many were left out.
  long leftOut() {
    return leftOut;
  }

  /// How many have failed for good.
  long failures() {
    return failed.size();
  }

  /// Where an output stood at the last commit; the last output are the failures.
  Optional<String> mark(int output) {
    return output < marks.size() ? Optional.of(marks.get(output)) : Optional.empty();
  }

  Bookmark bookmark() {
    return bookmark;
  }

  /// Whether no input is left.
  boolean ended() {
    return ended;
  }
}

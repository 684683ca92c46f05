package io.fanwise.cli;

import io.fanwise.rows.BadInput;
import io.fanwise.rows.Bookmark;
import io.fanwise.rows.Inputs;
import io.fanwise.rows.Row;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The inputs of a run, up to where it is to end. An input that cannot be read is the end too: what
/// came before is finished first. Confined to the thread that reads.
final class Feed implements Iterator<Row> {
  private final Inputs inputs;
  private final Supplier<Inputs> again;
  private final Stop stop;
  private final boolean pipes;
  private @Nullable Row first;
  private @Nullable Iterator<Row> instead;
  private @Nullable BadInput broken;
  private boolean ended;
  private long read;

  /// @param again opens the same inputs once more, but for standard input
  Feed(Inputs inputs, Supplier<Inputs> again, Stop stop) {
    this(inputs, again, stop, 0);
  }

  /// @param read how many inputs were read before
  Feed(Inputs inputs, Supplier<Inputs> again, Stop stop, long read) {
    this.read = read;
    this.inputs = inputs;
    this.again = again;
    this.stop = stop;
    this.pipes = inputs.size().isEmpty() && !inputs.files().isEmpty();
  }

  /// The first input, which remains to be read.
  Optional<Row> first() {
    if (first == null && hasNext()) {
      first = inputs.next();
    }
    return Optional.ofNullable(first);
  }

  @Override
  public boolean hasNext() {
    if (first != null) {
      return true;
    }
    if (ended || stop.asked()) {
      return false;
    }
    if (instead != null) {
      ended = !instead.hasNext();
      return !ended;
    }
    try {
      ended = !(pipes ? waiting() : inputs.hasNext());
    } catch (BadInput e) {
      ended = true;
      broken = stop.asked() ? null : e;
    }
    return !ended;
  }

  /// A named pipe may never have more.
  private boolean waiting() {
    if (!stop.waits(Thread.currentThread())) {
      return false;
    }
    try {
      return inputs.hasNext();
    } finally {
      stop.waited();
    }
  }

  @Override
  public Row next() {
    read++;
    Row row = first;
    if (row == null) {
      return instead == null ? inputs.next() : instead.next();
    }
    first = null;
    return row;
  }

  /// The same inputs again, from a place on.
  Feed from(Bookmark place, Function<Bookmark, Inputs> open) {
    return new Feed(open.apply(place), again, stop, place.number());
  }

  /// Some of these inputs only, which have been read already.
  Feed only(List<Row> rows) {
    Feed some = new Feed(inputs, again, stop);
    some.instead = rows.iterator();
    return some;
  }

  /// Whether somebody has asked for the end, before the inputs were at theirs.
  boolean stopped() {
    return stop.asked();
  }

  /// Reads no further.
  void end() {
    ended = true;
  }

  Inputs inputs() {
    return inputs;
  }

  /// The same inputs once more, but for standard input, which has nothing more.
  Inputs again() {
    return again.get();
  }

  boolean ended() {
    return ended;
  }

  /// How many inputs were read, or left out because they had been before.
  long read() {
    return read;
  }

  /// Why the rest could not be read.
  Optional<BadInput> broken() {
    return Optional.ofNullable(broken);
  }
}

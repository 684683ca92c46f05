package io.fanwise.pipeline;

import io.fanwise.rows.Bookmark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// The inputs that are still to be done, as they are read from the source. Confined to the thread
/// that reads.
final class Todo implements Iterator<Item>, AutoCloseable {
  /// So many inputs are read again at most, before those that are to be done; each place that is
  /// remembered costs some 40 bytes while inputs before it are under way.
  private static final int BETWEEN_BOOKMARKS = 1024;

  private final Source.Cursor cursor;
  private final Selection selection;
  private final LongPredicate finished;
  private final Bookmarks bookmarks;
  private long position;
  private boolean ahead;
  private boolean ended;
  private boolean exhausted;
  private @Nullable RuntimeException broken;

  Todo(
      Source.Cursor cursor,
      Bookmark from,
      Selection selection,
      LongPredicate finished,
      Bookmarks bookmarks) {
    this.cursor = cursor;
    this.position = from.number();
    this.selection = selection;
    this.finished = finished;
    this.bookmarks = bookmarks;
  }

  @Override
  public boolean hasNext() {
    if (!ahead && !ended) {
      ahead = advance();
      ended = !ahead;
    }
    return ahead;
  }

  @Override
  public Item next() {
    if (!hasNext()) {
      throw new NoSuchElementException("no more inputs after " + position);
    }
    ahead = false;
    Item item = new Item(position, cursor.value());
    passed();
    return item;
  }

  /// Reads no further.
  void end() {
    ended = true;
  }

  /// Whether the source had nothing more that is to be done.
  boolean exhausted() {
    return exhausted;
  }

  /// Throws what made the rest of the source unreadable, if anything has.
  void rethrow() {
    if (broken != null) {
      throw broken;
    }
  }

  @Override
  public void close() throws IOException {
    cursor.close();
  }

  private boolean advance() {
    try {
      while (!selection.endsBefore(position) && cursor.advance()) {
        if (selection.contains(position) && !finished.test(position)) {
          return true;
        }
        cursor.value();
        passed();
      }
      exhausted = true;
      bookmarks.add(cursor.bookmark());
    } catch (IOException e) {
      broken = cancelled(new UncheckedIOException(e)); // what came before it is finished first
    } catch (RuntimeException e) {
      broken = cancelled(e);
    }
    return false;
  }

  /// An interrupt while a file is read closes the file: that is no fault of the file.
  private static RuntimeException cancelled(RuntimeException error) {
    if (!Thread.currentThread().isInterrupted()) {
      return error;
    }
    CancellationException cancelled = new CancellationException("interrupted while reading inputs");
    cancelled.initCause(error);
    return cancelled;
  }

  private void passed() {
    position++;
    if (position % BETWEEN_BOOKMARKS == 0) {
      bookmarks.add(cursor.bookmark());
    }
  }
}

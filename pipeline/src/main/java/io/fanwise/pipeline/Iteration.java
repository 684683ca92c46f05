package io.fanwise.pipeline;

import io.fanwise.rows.Bookmark;
import io.fanwise.work.Task;
import java.util.Iterator;
import java.util.Objects;

/// An iterator as it is read. Confined to the thread that reads.
final class Iteration implements Source.Cursor {
  private final Iterator<?> each;
  private final Runnable end;
  private long number;

  /// @param end what closes what is iterated
  /// @param from how many elements to leave out
  Iteration(Iterator<?> each, Runnable end, Bookmark from) {
    this.each = each;
    this.end = end;
    while (number < from.number() && advance()) {
      each.next();
      number++;
    }
  }

  /// The elements are what the task is given.
  @SuppressWarnings("unchecked") // they come from a source of T
  static <T> Task<Object, T> decoder() {
    return element -> (T) element;
  }

  @Override
  public boolean advance() {
    return each.hasNext();
  }

  @Override
  public Object value() {
    Object value = Objects.requireNonNull(each.next(), () -> "input " + number + " is null");
    number++;
    return value;
  }

  @Override
  public Bookmark bookmark() {
    return new Bookmark(number, 0, 0, -1, 0);
  }

  @Override
  public void close() {
    end.run();
  }
}

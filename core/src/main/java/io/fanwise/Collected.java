package io.fanwise;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/// All results of a run, on their way into one list. Confined to the caller's thread.
final class Collected {
  private static final int FIRST_GUESS = 64;

  /// Above this the list grows as results come: most of them may never come.
  private static final int LARGEST_GUESS = 1 << 20;

  private static final int LARGEST = Integer.MAX_VALUE - 8;

  private final boolean ordered;
  private final List<Part> parts = new ArrayList<>();
  private Object[] all;
  private int count;

  /// Where results of consecutive inputs stand that came out of order.
  private record Part(long first, int from, int to) {}

  private Collected(boolean ordered, long size) {
    this.ordered = ordered;
    this.all = new Object[size < 0 ? FIRST_GUESS : (int) Math.min(size, LARGEST_GUESS)];
  }

  @SuppressWarnings("unchecked") // the run was made with a task of this type
  static <R> List<R> from(Pull run, boolean ordered, long size) {
    Collected collected = new Collected(ordered, size);
    try {
      for (Pull.Results some = run.next(); some != null; some = run.next()) {
        collected.add(some);
      }
      return (List<R>) collected.list();
    } catch (TaskFailed failed) {
      collected.saveInto(failed);
      throw failed;
    } finally {
      run.close();
    }
  }

  private void add(Pull.Results some) {
    int length = some.values().length;
    if (count + length > all.length || count + length < 0) {
      grow(length);
    }
    if (length == 1) {
      all[count] = some.values()[0];
    } else {
      System.arraycopy(some.values(), 0, all, count, length);
    }
    if (!ordered) {
      parts.add(new Part(some.first(), count, count + length));
    }
    count += length;
  }

  private void grow(int by) {
    long needed = (long) count + by;
    if (needed > LARGEST) {
      throw new IllegalStateException(
          "a list holds at most " + LARGEST + " results; use stream for more");
    }
    all = Arrays.copyOf(all, (int) Math.min(LARGEST, Math.max(needed, all.length * 2L)));
  }

  private void saveInto(TaskFailed failed) {
    if (ordered) {
      failed.keep(0, Arrays.copyOf(all, count));
    }
    for (Part part : parts) {
      failed.keep(part.first(), Arrays.copyOfRange(all, part.from(), part.to()));
    }
  }

  private List<Object> list() {
    Object[] exact = count == all.length ? all : Arrays.copyOf(all, count);
    return Collections.unmodifiableList(Arrays.asList(exact));
  }
}

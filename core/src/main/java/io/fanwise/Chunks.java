package io.fanwise;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;

/// Cuts a list into parts, for a task that takes many inputs at once: a bulk request, a vectorised
/// computation. To make small tasks cheap it is not needed: batching does that by itself.
///
/// ```java
/// List<Double> sums = Fan.threads().map(Chunks.contiguous(prices, 8), Statistics::sum);
/// ```
public final class Chunks {
  private Chunks() {}

  /// Neighbours stay together: `1 2 3 | 4 5 6 | 7 8`. Sizes differ by one at most.
  ///
  /// @param list what to cut; the chunks are views of it
  /// @param chunks how many chunks at most, at least 1
  /// @return the chunks, none of them empty: fewer than asked for if the list is shorter
  /// @param <T> the type of elements
  /// @throws IllegalArgumentException if `chunks` is less than 1
  public static <T> List<List<T>> contiguous(List<T> list, int chunks) {
    int parts = parts(list, chunks);
    List<List<T>> all = new ArrayList<>(parts);
    for (int i = 0; i < parts; i++) {
      all.add(list.subList(cut(list.size(), i, parts), cut(list.size(), i + 1, parts)));
    }
    return List.copyOf(all);
  }

  /// Dealt out like cards: `1 4 7 | 2 5 8 | 3 6`. Where the cost of inputs rises or falls along the
  /// list, every chunk gets its share.
  ///
  /// @param list what to deal; the chunks are views of it
  /// @param chunks how many chunks at most, at least 1
  /// @return the chunks, none of them empty: fewer than asked for if the list is shorter
  /// @param <T> the type of elements
  /// @throws IllegalArgumentException if `chunks` is less than 1
  public static <T> List<List<T>> roundRobin(List<T> list, int chunks) {
    int parts = parts(list, chunks);
    List<List<T>> all = new ArrayList<>(parts);
    for (int i = 0; i < parts; i++) {
      all.add(new EveryNth<>(list, i, parts));
    }
    return List.copyOf(all);
  }

  private static int parts(List<?> list, int chunks) {
    Objects.requireNonNull(list, "list");
    if (chunks < 1) {
      throw new IllegalArgumentException("chunks must be at least 1, was " + chunks);
    }
    return Math.min(chunks, list.size());
  }

  private static int cut(int size, int i, int parts) {
    return (int) ((long) size * i / parts);
  }

  /// A view. As safe for threads as the list it looks at.
  private static final class EveryNth<T> extends AbstractList<T> implements RandomAccess {
    private final List<T> all;
    private final int first;
    private final int step;

    EveryNth(List<T> all, int first, int step) {
      this.all = all;
      this.first = first;
      this.step = step;
    }

    @Override
    public T get(int index) {
      return all.get(first + Math.multiplyExact(Objects.checkIndex(index, size()), step));
    }

    @Override
    public int size() {
      return (all.size() - first + step - 1) / step;
    }
  }
}

package io.fanwise.bench;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.RandomAccess;

/// The numbers from 0 on as inputs, boxed when they are read. Immutable.
public final class Numbers extends AbstractList<Integer> implements RandomAccess {
  private final int size;

  private Numbers(int size) {
    this.size = size;
  }

  /// The numbers from 0 on, boxed before anything is measured.
  ///
  /// @param size how many
  /// @return a list of its own
  public static List<Integer> boxed(int size) {
    return new ArrayList<>(new Numbers(size));
  }

  /// The numbers from 0 on, boxed each time they are read.
  ///
  /// @param size how many
  /// @return a list that holds nothing
  public static List<Integer> lazy(int size) {
    return new Numbers(size);
  }

  @Override
  public Integer get(int index) {
    return index;
  }

  @Override
  public int size() {
    return size;
  }
}

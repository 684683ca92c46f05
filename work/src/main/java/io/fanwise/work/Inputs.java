package io.fanwise.work;

import java.io.Serializable;
import java.util.Arrays;

/// Some inputs, one behind the other, on their way to a worker. Immutable.
public interface Inputs extends Serializable {

  /// How many there are.
  ///
  /// @return at least 1
  int size();

  /// One of them.
  ///
  /// @param offset 0 for the first
  /// @return the input
  Object get(int offset);

  /// Those that are left.
  ///
  /// @param offset how many to leave out
  /// @return the others
  Inputs from(int offset);

  /// Inputs that were read.
  ///
  /// @param inputs the inputs; kept, not copied
  /// @return the same
  static Inputs of(Object... inputs) {
    return new Listed(inputs);
  }

  /// Inputs in an array.
  ///
  /// @param array the array
  @SuppressWarnings("ArrayRecordComponent") // kept as it is, not compared
  record Listed(Object[] array) implements Inputs {
    @Override
    public int size() {
      return array.length;
    }

    @Override
    public Object get(int offset) {
      return array[offset];
    }

    @Override
    public Inputs from(int offset) {
      return of(Arrays.copyOfRange(array, offset, array.length));
    }
  }
}

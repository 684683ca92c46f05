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

  /// Consecutive numbers, made where they are used.
  ///
  /// @param type of which type they are
  /// @param first the first of them
  /// @param size how many, at least 1
  /// @return the same as so many boxed numbers
  static Inputs of(NumberType type, long first, int size) {
    return new Numbers(type, first, size);
  }

  /// What numbers are made of.
  enum NumberType {
    /// [Integer].
    INTEGER,
    /// [Long].
    LONG;

    /// A number of this type.
    ///
    /// @param value which one
    /// @return the number, boxed
    public Number number(long value) {
      return this == INTEGER ? (Number) (int) value : (Number) value;
    }
  }

  /// Consecutive numbers.
  ///
  /// @param type of which type
  /// @param first the first of them
  /// @param size how many
  record Numbers(NumberType type, long first, int size) implements Inputs {
    @Override
    public Object get(int offset) {
      return type.number(first + offset);
    }

    @Override
    public Inputs from(int offset) {
      return new Numbers(type, first + offset, size - offset);
    }
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

package io.fanwise.codec;

/// What takes the place of a value that cannot travel, so that its neighbours can.
@FunctionalInterface
public interface Refused {

  /// Finds something to put in the place of a value.
  ///
  /// @param index where the value is, counted from the first of those that go together
  /// @param why what is wrong with it
  /// @return what to put there
  Object instead(int index, CannotTravel why);
}

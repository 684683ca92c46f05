package io.fanwise.work;

/// What an engine hands to its task in place of an input, such as a pipeline does: the input, and
/// what it has to know about it. Keys and weights of rates are asked for what is in it.
public interface Wrapping {

  /// What is in it.
  ///
  /// @return the input
  Object wrapped();

  /// The input itself.
  ///
  /// @param input an input, wrapped or not
  /// @return what is in it, or what was given
  static Object unwrapped(Object input) {
    return input instanceof Wrapping wrapping ? wrapping.wrapped() : input;
  }
}

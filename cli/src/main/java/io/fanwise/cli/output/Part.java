package io.fanwise.cli.output;

/// What a record of the output can say besides the result. Parts come in this order; the result
/// follows the input.
public enum Part {
  /// The position of the input, from 0.
  INDEX,
  /// The input itself.
  INPUT,
  /// How often it was tried.
  ATTEMPTS,
  /// How long the last attempt took, in milliseconds.
  MS
}

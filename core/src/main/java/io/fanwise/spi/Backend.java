package io.fanwise.spi;

/// A description of workers: what they are and how many, not the running thing.
///
/// Make it a record: equal descriptions share one set of running [Workers], kept warm between runs.
/// Immutable.
public interface Backend {

  /// What kind of workers, in a word that a command line can name.
  ///
  /// @return such as `threads`
  String name();

  /// Gets the workers going. They stop by themselves when idle: nothing closes shared ones.
  ///
  /// @return workers that nobody else has
  Workers start();
}

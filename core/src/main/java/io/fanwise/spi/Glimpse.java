package io.fanwise.spi;

/// What a worker elsewhere is at, as far as it can be seen from here: for progress displays. Asked
/// by any thread.
public interface Glimpse {

  /// Who is at work.
  ///
  /// @return the name of the worker
  String worker();

  /// Which input is at work.
  ///
  /// @return the offset in the batch; -1 if none
  int offset();

  /// Since when.
  ///
  /// @return a reading of [System#nanoTime]
  long since();
}

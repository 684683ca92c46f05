package io.fanwise.spi;

import java.util.Iterator;

/// Inputs that may have nothing for now, although more is to come. Whoever reads them asks first
/// how long to leave them alone; meanwhile results are taken in as ever.
///
/// Confined to the thread that pulls the run.
///
/// @param <T> the type of inputs
public interface Inlet<T> extends Iterator<T> {
  /// Said while nothing comes before another result has been taken in.
  long AFTER_A_RESULT = Long.MAX_VALUE;

  /// How long to wait before the next input is asked for. Only when nothing is to be waited for is
  /// [#hasNext] asked.
  ///
  /// @return nanoseconds; 0 if it may be asked now, [#AFTER_A_RESULT] if that depends on what runs
  long untilNext();
}

package io.fanwise.processes.worker;

import java.util.List;

/// What a parent says to a [Question]. Immutable, apart from the byte arrays, which nobody writes
/// to.
public sealed interface Answer {

  /// The class as it is.
  ///
  /// @param bytes its class file
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody, and a copy would cost
  record Code(byte[] bytes) implements Answer {}

  /// The class is one of those that the worker said it knows.
  ///
  /// @param hash which one
  record Known(String hash) implements Answer {}

  /// Another class loader has it: ask there.
  ///
  /// @param loader the number of that loader; [Question#HOME] says that the worker's own class path
  ///   should have it
  record Elsewhere(int loader) implements Answer {}

  /// The resources of that name, in their order.
  ///
  /// @param all the content of each
  record Contents(List<byte[]> all) implements Answer {

    /// Keeps its own copy of the list.
    public Contents {
      all = List.copyOf(all);
    }
  }

  /// There is no such thing, or it cannot be had.
  ///
  /// @param why why not, and what can be done about it
  record Missing(String why) implements Answer {}
}

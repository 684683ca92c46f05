package io.fanwise.pipeline;

/// When a file is full and the next is begun. Immutable.
///
/// @param results how many results a part has at most
/// @param bytes from how many bytes on, as they are stored, no more is added to a part
public record Parts(long results, long bytes) {
  /// Refuses parts of nothing.
  public Parts {
    if (results < 1 || bytes < 1) {
      throw new IllegalArgumentException(
          "a part has room for at least 1 result and 1 byte, not for %d and %d"
              .formatted(results, bytes));
    }
  }

  /// Parts of so many results each.
  ///
  /// @param results how many
  /// @return the size of parts
  public static Parts ofCount(long results) {
    return new Parts(results, Long.MAX_VALUE);
  }

  /// Parts of about so many bytes each, as they are stored.
  ///
  /// @param bytes how many
  /// @return the size of parts
  public static Parts ofBytes(long bytes) {
    return new Parts(Long.MAX_VALUE, bytes);
  }
}

package io.fanwise.shared;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A user's value in a shared object: itself as long as it has not left its JVM, otherwise its
/// bytes. What goes from one worker to another is never rebuilt in between.
///
/// Immutable, apart from what the user does to the value.
final class Parcel {
  private final @Nullable Object value;
  private final byte @Nullable [] bytes;

  private Parcel(@Nullable Object value, byte @Nullable [] bytes) {
    this.value = value;
    this.bytes = bytes;
  }

  static Parcel of(Object value) {
    return new Parcel(value, null);
  }

  static Parcel encoded(byte[] bytes) {
    return new Parcel(null, bytes);
  }

  /// Itself, or a fresh copy of what another JVM sent.
  Object value() {
    return bytes == null ? Objects.requireNonNull(value) : Values.decode(bytes);
  }

  byte[] bytes() {
    return bytes == null ? Values.encode(Objects.requireNonNull(value)) : bytes;
  }
}

package io.fanwise.codec;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Where the bytes of an [Output] go.
@FunctionalInterface
public interface Drain {

  /// Takes all that remains in a buffer.
  ///
  /// @param full ready to be read; nothing remains in it afterwards
  /// @throws IOException if the channel does not take it
  void drain(ByteBuffer full) throws IOException;
}

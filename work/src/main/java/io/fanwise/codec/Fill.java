package io.fanwise.codec;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Where the bytes of an [Input] come from.
@FunctionalInterface
public interface Fill {

  /// Puts at least one byte more into a buffer.
  ///
  /// @param empty ready to be written; has room
  /// @throws java.io.EOFException if there is no more
  /// @throws IOException if the channel fails
  void fill(ByteBuffer empty) throws IOException;
}

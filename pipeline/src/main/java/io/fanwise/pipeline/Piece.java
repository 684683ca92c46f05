package io.fanwise.pipeline;

/// Some records in a block of bytes, which they share with others, side by side. Confined to one
/// thread at a time; the bytes are never changed.
final class Piece {
  private final byte[] block;
  private final int from;
  private int to;

  Piece(byte[] block, int from, int to) {
    this.block = block;
    this.from = from;
    this.to = to;
  }

  byte[] block() {
    return block;
  }

  /// Where in the block it begins.
  int from() {
    return from;
  }

  /// How many bytes it has.
  int length() {
    return to - from;
  }

  /// Takes the next one in, if it lies right behind.
  ///
  /// @return whether it does
  @SuppressWarnings("ReferenceEquality") // the very same block
  boolean join(Piece next) {
    if (next.block != block || next.from != to) {
      return false;
    }
    to = next.to;
    return true;
  }
}

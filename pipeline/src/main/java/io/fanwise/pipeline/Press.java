package io.fanwise.pipeline;

import io.fanwise.rows.Json;
import io.fanwise.rows.JsonStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Where records are put together, one behind another in blocks: so that no record needs memory of
/// its own, and those side by side can be written at once.
///
/// There are a few, of which a thread looks at one when it makes a record. Whoever finds none there
/// makes one; one that is not given back, as its record was never finished, is forgotten. Confined
/// to the thread that has it.
final class Press extends OutputStream {
  /// Some hundred records; one that is larger gets a block of its own.
  private static final int BLOCK = 1 << 15;

  /// More than there are cores, mostly; a power of two.
  private static final int SEATS = 64;

  /// Of the longest number.
  private static final int DIGITS = 19;

  private static final AtomicReferenceArray<@Nullable Press> FREE =
      new AtomicReferenceArray<>(SEATS);

  private final JsonStream json = Json.into(this);
  private final byte[] digits = new byte[DIGITS];
  private byte[] block = new byte[BLOCK];
  private int from;
  private int to;

  private Press() {}

  /// A press on which to begin a record.
  static Press take() {
    Press free = FREE.getAndSet(seat(), null);
    return free == null ? new Press() : free;
  }

  private static int seat() {
    return (int) Thread.currentThread().threadId() & (SEATS - 1);
  }

  /// Ends the record, and gives the press back.
  Piece end() {
    Piece record =
        block.length == BLOCK ? new Piece(block, from, to) : new Piece(copy(), 0, to - from);
    giveBack(to);
    return record;
  }

  /// Ends the record with an array of its own, and gives the press back.
  byte[] endAlone() {
    byte[] record = copy();
    giveBack(from);
    return record;
  }

  private byte[] copy() {
    return Arrays.copyOfRange(block, from, to);
  }

  private void giveBack(int next) {
    boolean usual = block.length == BLOCK;
    block = usual ? block : new byte[BLOCK];
    from = usual ? next : 0;
    to = from;
    FREE.lazySet(seat(), this);
  }

  void json(Object value) throws IOException {
    json.write(value);
  }

  void number(long value) {
    long rest = value;
    int at = DIGITS;
    do {
      digits[--at] = (byte) ('0' + rest % 10);
      rest /= 10;
    } while (rest != 0);
    write(digits, at, DIGITS - at);
  }

  @Override
  public void write(byte[] bytes) {
    write(bytes, 0, bytes.length);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) {
    require(count);
    System.arraycopy(bytes, offset, block, to, count);
    to += count;
  }

  @Override
  public void write(int each) {
    require(1);
    block[to++] = (byte) each;
  }

  private void require(int count) {
    if (block.length - to < count) {
      int begun = to - from;
      byte[] larger = new byte[begun + count <= BLOCK ? BLOCK : size(begun, count)];
      System.arraycopy(block, from, larger, 0, begun);
      block = larger;
      from = 0;
      to = begun;
    }
  }

  /// Larger than the usual block, and twice as large as what is there, if that is possible.
  private static int size(int begun, int count) {
    return (int)
        Math.min(Math.max(2L * begun, (long) begun + count + DIGITS), Integer.MAX_VALUE - 8);
  }
}

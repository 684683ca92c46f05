package io.fanwise.pipeline;

import io.fanwise.work.Outcome;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Results on their way from the caller's thread to the one that writes, in stretches: one each, or
/// those of consecutive inputs that lie side by side in a block. Confined to one thread at a time.
final class Haul {
  private static final int MOST = 1 << 16;
  private static final long MOST_BYTES = 8 << 20;

  /// What a result that is no bytes is taken to have.
  private static final int GUESS = 100;

  private long[] bounds = new long[1024]; // from, to (left out), from, to, …
  private @Nullable Object[] results = new Object[512];
  private int count;
  private long bytes;

  /// Whether it should be written before more is added.
  boolean full() {
    return count >= MOST || bytes >= MOST_BYTES;
  }

  boolean isEmpty() {
    return count == 0;
  }

  /// How many stretches are in it.
  int count() {
    return count;
  }

  /// Adds the result of one input.
  void add(long position, Object encoded) {
    bytes += weight(encoded);
    if (joins(position, encoded)) {
      bounds[2 * count - 1]++;
    } else {
      put(position, position + 1, encoded);
    }
  }

  private boolean joins(long position, Object encoded) {
    return encoded instanceof Piece piece
        && count > 0
        && bounds[2 * count - 1] == position
        && results[count - 1] instanceof Piece last
        && last.join(piece);
  }

  /// Adds all of another.
  void add(Haul other) {
    for (int i = 0; i < other.count; i++) {
      put(other.from(i), other.to(i), other.result(i));
    }
    bytes += other.bytes;
  }

  private void put(long from, long to, Object encoded) {
    if (count == results.length) {
      bounds = Arrays.copyOf(bounds, 4 * count);
      results = Arrays.copyOf(results, 2 * count);
    }
    bounds[2 * count] = from;
    bounds[2 * count + 1] = to;
    results[count++] = encoded;
  }

  private static long weight(Object encoded) {
    return switch (encoded) {
      case Piece piece -> piece.length();
      case byte[] bytes -> bytes.length;
      case Fields fields -> fields.weight();
      case Sheet sheet -> GUESS + sheet.bytes().length;
      case Object[] each -> Arrays.stream(each).mapToLong(Haul::weight).sum();
      case Outcome.Done<?, ?> done -> GUESS + weight(done.result());
      default -> GUESS;
    };
  }

  /// The first input of a stretch.
  long from(int i) {
    return bounds[2 * i];
  }

  /// The first input after a stretch.
  long to(int i) {
    return bounds[2 * i + 1];
  }

  Object result(int i) {
    return Objects.requireNonNull(results[i]);
  }

  /// Lets go of everything.
  void clear() {
    Arrays.fill(results, 0, count, null);
    count = 0;
    bytes = 0;
  }
}

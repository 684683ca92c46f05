package io.fanwise.pipeline;

import io.fanwise.work.Outcome;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Results on their way from the caller's thread to the one that writes. Confined to one of them at
/// a time.
final class Haul {
  private static final int MOST = 1 << 16;
  private static final long MOST_BYTES = 8 << 20;

  /// What a result that is no bytes is taken to have.
  private static final int GUESS = 100;

  private long[] positions = new long[1024];
  private @Nullable Object[] results = new Object[1024];
  private int count;
  private long bytes;

  /// Whether it should be written before more is added.
  boolean full() {
    return count >= MOST || bytes >= MOST_BYTES;
  }

  boolean isEmpty() {
    return count == 0;
  }

  /// How many inputs are in it.
  int count() {
    return count;
  }

  void add(long position, Object encoded) {
    if (count == positions.length) {
      positions = Arrays.copyOf(positions, 2 * count);
      results = Arrays.copyOf(results, 2 * count);
    }
    positions[count] = position;
    results[count] = encoded;
    count++;
    bytes += weight(encoded);
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

  long position(int i) {
    return positions[i];
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

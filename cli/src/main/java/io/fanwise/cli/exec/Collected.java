package io.fanwise.cli.exec;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// What has come of an output so far: its beginning or its end, up to a limit. Confined to the
/// thread that runs the command.
final class Collected {
  private static final byte[] NOTHING = {};

  private final End end;
  private final int limit;
  private byte[] bytes = NOTHING;
  private int kept;
  private long printed;

  private enum End {
    HEAD,
    TAIL
  }

  private Collected(End end, int limit) {
    this.end = end;
    this.limit = limit;
  }

  static Collected head(int limit) {
    return new Collected(End.HEAD, limit);
  }

  static Collected tail(int limit) {
    return new Collected(End.TAIL, limit);
  }

  /// Takes the first `count` bytes of `chunk`.
  void add(MemorySegment chunk, int count) {
    printed += count;
    int wanted = end == End.HEAD ? Math.min(count, limit - kept) : count;
    grow(wanted);
    MemorySegment.copy(chunk, JAVA_BYTE, 0, bytes, kept, wanted);
    kept += wanted;
    if (end == End.TAIL && kept >= 2L * limit) {
      forget();
    }
  }

  Output output() {
    if (end == End.TAIL && kept > limit) {
      forget();
    }
    return new Output(bytes, kept, printed);
  }

  private void grow(int wanted) {
    int needed = kept + wanted;
    if (needed > bytes.length) {
      // nothing spare at first: most outputs come in one piece
      bytes = Arrays.copyOf(bytes, kept == 0 ? needed : Math.max(needed, 2 * bytes.length));
    }
  }

  private void forget() {
    System.arraycopy(bytes, kept - limit, bytes, 0, limit);
    kept = limit;
  }
}

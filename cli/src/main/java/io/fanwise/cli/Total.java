package io.fanwise.cli;

import io.fanwise.rows.BadInput;
import io.fanwise.rows.Inputs;
import java.util.OptionalLong;

/// How many inputs there are in all, as far as is known while they are being read. Confined to the
/// thread that reads, apart from `counted`, which another one writes once.
final class Total {
  /// Files up to this size are counted in the background; more is estimated from the bytes read.
  private static final long COUNTED = 256 << 20;

  private static final long UNKNOWN = -1;

  private final Feed feed;
  private boolean counting;
  private volatile long counted = UNKNOWN;

  Total(Feed feed) {
    this.feed = feed;
  }

  /// How many there are, or are likely to be; nothing if nobody can tell.
  OptionalLong count() {
    if (feed.ended()) {
      return OptionalLong.of(feed.read());
    }
    long known = counted;
    if (known != UNKNOWN) {
      return OptionalLong.of(known);
    }
    OptionalLong size = feed.inputs().size();
    return size.isPresent() && size.getAsLong() > COUNTED
        ? estimate(size.getAsLong())
        : OptionalLong.empty();
  }

  /// Counts them, where that is worth it: the first time somebody waits long enough to ask.
  void find() {
    if (!counting && !feed.ended() && feed.inputs().size().orElse(Long.MAX_VALUE) <= COUNTED) {
      counting = true;
      Thread.ofPlatform().daemon().name("fan-count").start(this::countAll);
    }
  }

  private void countAll() {
    long count = 0;
    try (Inputs all = feed.again()) {
      while (all.hasNext()) {
        all.next();
        count++;
      }
      counted = count;
    } catch (BadInput e) {
      counted = UNKNOWN; // whoever reads them for the run will say it
    }
  }

  private OptionalLong estimate(long size) {
    long bytes = feed.inputs().bytesRead();
    return bytes == 0
        ? OptionalLong.empty()
        : OptionalLong.of(Math.round((double) feed.read() * size / bytes));
  }
}

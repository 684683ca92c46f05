package io.fanwise.pipeline;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A set of positions: a bit for each, in chunks, of which the full ones cost nothing. Fifteen
/// million positions in random order take 2 MB. Confined to one thread at a time.
final class PositionSet {
  private static final int SHIFT = 16;
  private static final int CHUNK = 1 << SHIFT;
  private static final long NOBODY = -1;
  private static final Chunk FULL = new Chunk(new long[0], CHUNK);

  private final Map<Long, Chunk> chunks = new HashMap<>();
  private long size;
  private long contiguous;

  /// Which chunk was looked up last: mostly it is the next one too.
  private long asked = NOBODY;

  private @Nullable Chunk answer;

  /// Some positions of a stretch; [#FULL] stands for all of them.
  private static final class Chunk {
    final long[] words;
    int count;

    Chunk(long[] words, int count) {
      this.words = words;
      this.count = count;
    }

    boolean contains(int bit) {
      return (words[bit >> 6] >>> bit & 1) != 0;
    }

    /// The first bit from one on that is not set.
    int missing(int from) {
      long word = ~words[from >> 6] & -1L << from;
      int at = from >> 6;
      while (word == 0 && ++at < words.length) {
        word = ~words[at];
      }
      return (at << 6) + (word == 0 ? 0 : Long.numberOfTrailingZeros(word));
    }

    void set(int from, int to) {
      for (int at = from; at < to; at = (at | 63) + 1) {
        long bits = -1L << at;
        bits &= to > (at | 63) ? -1 : ~(-1L << to);
        count += Long.bitCount(bits & ~words[at >> 6]);
        words[at >> 6] |= bits;
      }
    }
  }

  /// How many there are.
  long size() {
    return size;
  }

  /// The lowest position of a selection that is not in it. It must be the same selection each time.
  long firstMissing(Selection selection) {
    contiguous = missing(contiguous);
    while (!selection.endsBefore(contiguous) && !selection.contains(contiguous)) {
      contiguous = missing(contiguous + 1);
    }
    return contiguous;
  }

  /// The first position from one on that is not in it.
  private long missing(long from) {
    long at = from;
    Chunk chunk = chunk(at >> SHIFT);
    while (chunk != null) {
      int bit = chunk == FULL ? CHUNK : chunk.missing((int) (at & (CHUNK - 1)));
      at = ((at >> SHIFT) << SHIFT) + bit;
      if (bit < CHUNK) {
        return at;
      }
      chunk = chunk(at >> SHIFT);
    }
    return at;
  }

  boolean contains(long position) {
    Chunk chunk = chunk(position >> SHIFT);
    return chunk != null && (chunk == FULL || chunk.contains((int) (position & (CHUNK - 1))));
  }

  private @Nullable Chunk chunk(long number) {
    if (number != asked) {
      asked = number;
      answer = chunks.get(number);
    }
    return answer;
  }

  private void put(long number, Chunk chunk) {
    chunks.put(number, chunk);
    asked = NOBODY;
  }

  /// Adds the positions from one up to another, which is left out.
  void add(long from, long to) {
    for (long at = from; at < to; ) {
      long next = Math.min(to, ((at >> SHIFT) + 1) << SHIFT);
      long base = (at >> SHIFT) << SHIFT;
      addWithin(at >> SHIFT, (int) (at - base), (int) (next - base));
      at = next;
    }
  }

  private void addWithin(long number, int from, int to) {
    Chunk chunk = chunk(number);
    if (chunk == FULL) {
      return;
    }
    if (chunk == null) {
      chunk = new Chunk(new long[CHUNK >> 6], 0);
      put(number, chunk);
    }
    int before = chunk.count;
    chunk.set(from, to);
    size += chunk.count - before;
    if (chunk.count == CHUNK) {
      put(number, FULL);
    }
  }

  /// Takes out the positions from one up to another, which is left alone.
  void remove(long from, long to) {
    for (long at = from; at < to; at++) {
      if (chunk(at >> SHIFT) == null) {
        at |= CHUNK - 1;
      } else {
        remove(at);
      }
    }
  }

  /// Takes out one position.
  void remove(long position) {
    long number = position >> SHIFT;
    Chunk chunk = chunk(number);
    int bit = (int) (position & (CHUNK - 1));
    if (chunk == null || (chunk != FULL && !chunk.contains(bit))) {
      return;
    }
    if (chunk == FULL) {
      long[] words = new long[CHUNK >> 6];
      Arrays.fill(words, -1);
      chunk = new Chunk(words, CHUNK);
      put(number, chunk);
    }
    chunk.words[bit >> 6] &= ~(1L << bit);
    chunk.count--;
    size--;
    contiguous = Math.min(contiguous, position);
  }

  /// The same positions in a set of their own.
  PositionSet copy() {
    PositionSet copy = new PositionSet();
    chunks.forEach((number, chunk) ->
        copy.chunks.put(
            number, chunk == FULL ? FULL : new Chunk(chunk.words.clone(), chunk.count)));
    copy.size = size;
    copy.contiguous = contiguous;
    return copy;
  }

  /// Its positions as stretches, in order.
  Stretches stretches() {
    return stretches(new PositionSet());
  }

  /// Its positions that are not in another set, as stretches, in order.
  Stretches stretches(PositionSet without) {
    Stretches all = new Stretches();
    long[] numbers = chunks.keySet().stream().mapToLong(Long::longValue).sorted().toArray();
    for (long number : numbers) {
      Chunk chunk = chunks.get(number);
      long base = number << SHIFT;
      if (chunk == FULL && !without.chunks.containsKey(number)) {
        all.add(base, base + CHUNK);
        continue;
      }
      for (long at = base; at < base + CHUNK; at++) {
        if (contains(at) && !without.contains(at)) {
          all.add(at);
        }
      }
    }
    return all;
  }
}

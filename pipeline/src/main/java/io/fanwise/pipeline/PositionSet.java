package io.fanwise.pipeline;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// A set of positions: a bit for each, in chunks, of which the full ones cost nothing. Fifteen
/// million positions in random order take 2 MB. Confined to one thread at a time.
final class PositionSet {
  private static final int SHIFT = 16;
  private static final int CHUNK = 1 << SHIFT;
  private static final Chunk FULL = new Chunk(new long[0], CHUNK);

  private final Map<Long, Chunk> chunks = new HashMap<>();
  private long size;
  private long contiguous;

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
  }

  /// How many there are.
  long size() {
    return size;
  }

  /// The lowest position of a selection that is not in it. It must be the same selection each time.
  long firstMissing(Selection selection) {
    while (!selection.endsBefore(contiguous)
        && (contains(contiguous) || !selection.contains(contiguous))) {
      boolean full = chunks.get(contiguous >> SHIFT) == FULL;
      contiguous = full ? ((contiguous >> SHIFT) + 1) << SHIFT : contiguous + 1;
    }
    return contiguous;
  }

  boolean contains(long position) {
    Chunk chunk = chunks.get(position >> SHIFT);
    return chunk != null && (chunk == FULL || chunk.contains((int) (position & (CHUNK - 1))));
  }

  /// Adds the positions from one up to another, which is left out.
  void add(long from, long to) {
    for (long at = from; at < to; ) {
      long next = Math.min(to, ((at >> SHIFT) + 1) << SHIFT);
      addWithin(at >> SHIFT, (int) (at & (CHUNK - 1)), (int) (next - at));
      at = next;
    }
  }

  private void addWithin(long number, int from, int length) {
    Chunk chunk = chunks.computeIfAbsent(number, _ -> new Chunk(new long[CHUNK >> 6], 0));
    if (chunk == FULL) {
      return;
    }
    int before = chunk.count;
    for (int bit = from; bit < from + length; bit++) {
      if (!chunk.contains(bit)) {
        chunk.words[bit >> 6] |= 1L << bit;
        chunk.count++;
      }
    }
    size += chunk.count - before;
    if (chunk.count == CHUNK) {
      chunks.put(number, FULL);
    }
  }

  /// Takes a position out.
  void remove(long position) {
    long number = position >> SHIFT;
    Chunk chunk = chunks.get(number);
    int bit = (int) (position & (CHUNK - 1));
    if (chunk == null || (chunk != FULL && !chunk.contains(bit))) {
      return;
    }
    if (chunk == FULL) {
      long[] words = new long[CHUNK >> 6];
      Arrays.fill(words, -1);
      chunk = new Chunk(words, CHUNK);
      chunks.put(number, chunk);
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

package io.fanwise.pipeline;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A set of positions: a bit for each, in chunks, of which the full ones cost nothing. Fifteen
/// million positions in random order take 2 MB. Those of a shard lie side by side, so what is done
/// of it in order costs nothing either. Confined to one thread at a time.
final class PositionSet {
  private static final int SHIFT = 16;
  private static final int CHUNK = 1 << SHIFT;
  private static final long NOBODY = -1;
  private static final Chunk FULL = new Chunk(new long[0], CHUNK);

  private final int shards;

  /// How many chunks a shard may have; those of the first come first.
  private final long each;

  private final Map<Long, Chunk> chunks = new HashMap<>();
  private long size;
  private long contiguous;

  /// Which chunk was looked up last: mostly it is the next one too.
  private long asked = NOBODY;

  private @Nullable Chunk answer;

  /// Some positions of a stretch; [#FULL] stands for all of them.
  private static final class Chunk {
    /// Those that are not there have no bit set.
    long[] words;

    int count;

    Chunk(long[] words, int count) {
      this.words = words;
      this.count = count;
    }

    /// How many words may have bits.
    int length() {
      return this == FULL ? CHUNK >> 6 : words.length;
    }

    long word(int at) {
      return this == FULL ? -1 : at < words.length ? words[at] : 0;
    }

    boolean contains(int bit) {
      return ((word(bit >> 6) >>> bit) & 1) != 0;
    }

    /// The first bit from one on that is not set.
    int missing(int from) {
      int at = from >> 6;
      long word = ~word(at) & (-1L << from);
      while (word == 0 && ++at < CHUNK >> 6) {
        word = ~word(at);
      }
      return (at << 6) + (word == 0 ? 0 : Long.numberOfTrailingZeros(word));
    }

    void set(int from, int to) {
      int needed = (to + 63) >> 6;
      if (needed > words.length) {
        words = Arrays.copyOf(words, Math.min(CHUNK >> 6, Math.max(needed, 2 * words.length)));
      }
      for (int at = from; at < to; at = (at | 63) + 1) {
        long bits = -1L << at;
        bits &= to > (at | 63) ? -1 : ~(-1L << to);
        count += Long.bitCount(bits & ~words[at >> 6]);
        words[at >> 6] |= bits;
      }
    }
  }

  PositionSet() {
    this(1);
  }

  /// @param shards how many shards there are of the inputs, of which one is run
  PositionSet(int shards) {
    this.shards = shards;
    this.each = ((Long.MAX_VALUE / shards) >> SHIFT) + 1;
  }

  /// How many there are.
  long size() {
    return size;
  }

  /// The lowest position of a selection that is not in it. It must be the same selection each time,
  /// and have as many shards.
  long firstMissing(Selection selection) {
    contiguous = selection.first(contiguous);
    if (!selection.endsBefore(contiguous)) {
      contiguous = missing(contiguous);
    }
    return contiguous;
  }

  /// The first position of the same shard, from one on, that is not in it.
  private long missing(long from) {
    long base = from % shards;
    long number = number(from);
    int bit = bit(from);
    Chunk chunk = chunk(number);
    while (chunk != null) {
      bit = chunk.missing(bit);
      if (bit < CHUNK) {
        break;
      }
      bit = 0;
      chunk = chunk(++number);
    }
    return base + (((number % each) << SHIFT) + bit) * shards;
  }

  boolean contains(long position) {
    Chunk chunk = chunk(number(position));
    return chunk != null && chunk.contains(bit(position));
  }

  /// Which chunk a position is in.
  private long number(long position) {
    return shards == 1
        ? position >> SHIFT
        : (position % shards) * each + ((position / shards) >> SHIFT);
  }

  /// Where it is in its chunk.
  private int bit(long position) {
    return (int) ((shards == 1 ? position : position / shards) & (CHUNK - 1));
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

  /// What is done to some bits of a chunk.
  private interface Change {
    void apply(long number, int from, int to);
  }

  /// Adds the positions from one up to another, which is left out.
  void add(long from, long to) {
    add(from, to - from, 1);
  }

  /// Adds some that are equally far apart.
  void add(long first, long count, long step) {
    change(first, count, step, this::addWithin);
  }

  /// Takes out the positions from one up to another, which is left alone.
  void remove(long from, long to) {
    remove(from, to - from, 1);
  }

  /// Takes out some that are equally far apart.
  void remove(long first, long count, long step) {
    if (size > 0) {
      change(first, count, step, this::removeWithin);
    }
  }

  private void change(long first, long count, long step, Change change) {
    long turns = shards % step == 0 ? shards / step : count; // so many are of different shards
    for (long i = 0; i < Math.min(turns, count); i++) {
      changeShard(first + i * step, (count - i - 1) / turns + 1, change);
    }
  }

  /// Changes so many of one shard, one after another.
  private void changeShard(long first, long count, Change change) {
    long number = number(first);
    int from = bit(first);
    for (long left = count; left > 0; ) {
      int to = (int) Math.min(CHUNK, from + left);
      change.apply(number, from, to);
      left -= to - from;
      from = 0;
      number++;
    }
  }

  private void addWithin(long number, int from, int to) {
    Chunk chunk = chunk(number);
    if (chunk == FULL) {
      return;
    }
    if (chunk == null) {
      chunk = new Chunk(new long[4], 0);
      put(number, chunk);
    }
    int before = chunk.count;
    chunk.set(from, to);
    size += chunk.count - before;
    if (chunk.count == CHUNK) {
      put(number, FULL);
    }
  }

  private void removeWithin(long number, int from, int to) {
    Chunk chunk = chunk(number);
    for (int bit = from; chunk != null && bit < to; bit++) {
      if (chunk.contains(bit)) {
        chunk = divisible(number, chunk);
        chunk.words[bit >> 6] &= ~(1L << bit);
        chunk.count--;
        size--;
        contiguous = Math.min(contiguous, position(number, bit));
      }
    }
  }

  private Chunk divisible(long number, Chunk chunk) {
    if (chunk != FULL) {
      return chunk;
    }
    long[] words = new long[CHUNK >> 6];
    Arrays.fill(words, -1);
    Chunk divisible = new Chunk(words, CHUNK);
    put(number, divisible);
    return divisible;
  }

  private long position(long number, int bit) {
    return number / each + (((number % each) << SHIFT) + bit) * shards;
  }

  /// Takes out one position.
  void remove(long position) {
    remove(position, 1, 1);
  }

  /// The same positions in a set of their own.
  PositionSet copy() {
    PositionSet copy = new PositionSet(shards);
    chunks.forEach((number, chunk) ->
        copy.chunks.put(
            number, chunk == FULL ? FULL : new Chunk(chunk.words.clone(), chunk.count)));
    copy.size = size;
    copy.contiguous = contiguous;
    return copy;
  }

  /// Its positions as stretches, in the order of shards.
  Stretches stretches() {
    return stretches(new PositionSet(shards));
  }

  /// Its positions that are not in another set with as many shards, as stretches.
  Stretches stretches(PositionSet without) {
    Stretches all = Stretches.ofAny();
    for (Map.Entry<Long, Chunk> entry : new TreeMap<>(chunks).entrySet()) {
      long number = entry.getKey();
      Chunk chunk = entry.getValue();
      Chunk less = without.chunks.get(number);
      if (chunk == FULL && less == null) {
        all.add(position(number, 0), CHUNK, shards);
        continue;
      }
      for (int i = 0; i < chunk.length(); i++) {
        long word = chunk.word(i) & ~(less == null ? 0 : less.word(i));
        addTo(all, number, i << 6, word);
      }
    }
    return all;
  }

  /// Adds what a word says to stretches: each row of bits that are set.
  private void addTo(Stretches all, long number, int bit, long word) {
    long rest = word;
    while (rest != 0) {
      int from = Long.numberOfTrailingZeros(rest);
      int count = Long.numberOfTrailingZeros(~(rest >>> from));
      all.add(position(number, bit + from), count, shards);
      rest &= from + count == Long.SIZE ? 0 : -1L << (from + count);
    }
  }
}

package io.fanwise.pipeline;

/// Which of the inputs are run. Immutable.
///
/// @param from the first position
/// @param to the first position after the last
/// @param shard which part of them, from 1
/// @param shards how many parts there are
record Selection(long from, long to, int shard, int shards) {
  static final Selection ALL = new Selection(0, Long.MAX_VALUE, 1, 1);

  Selection {
    if (from < 0 || to < from) {
      throw new IllegalArgumentException(
          "a range goes from 0 or more up to that or more, was from %d to %d".formatted(from, to));
    }
    if (shards < 1 || shard < 1 || shard > shards) {
      throw new IllegalArgumentException(
          "shards count from 1: the first of four is 1 of 4, was %d of %d"
              .formatted(shard, shards));
    }
  }

  Selection range(long first, long end) {
    return new Selection(first, end, shard, shards);
  }

  Selection shard(int one, int of) {
    return new Selection(from, to, one, of);
  }

  boolean contains(long position) {
    return position >= from && position < to && (shards == 1 || position % shards == shard - 1);
  }

  /// The first of it that does not come before a position.
  long first(long position) {
    long least = Math.max(position, from);
    long first = least + Math.floorMod(shard - 1 - least, (long) shards);
    return first < 0 ? Long.MAX_VALUE : first; // there are no more
  }

  /// How many of so many inputs belong to it.
  long count(long inputs) {
    return before(Math.min(to, inputs)) - before(Math.min(from, inputs));
  }

  /// How many positions of this shard lie before one.
  private long before(long position) {
    return (position + shards - shard) / shards;
  }

  /// Whether nothing from a position on belongs to it.
  boolean endsBefore(long position) {
    return position >= to;
  }

  @Override
  public String toString() {
    if (equals(ALL)) {
      return "all";
    }
    String range = to == Long.MAX_VALUE ? from + " on" : "%d to %d".formatted(from, to - 1);
    return shards == 1 ? range : "%s, shard %d of %d".formatted(range, shard, shards);
  }
}

package io.fanwise.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class PositionSetProperties {
  /// Some chunks.
  private static final int MOST = 4 << 16;

  record Change(boolean adds, int from, int to, int step) {
    int count() {
      return (to - from + step - 1) / step;
    }
  }

  @Property(tries = 60)
  void itHoldsWhatWasAddedAndNotTakenOut(
      @ForAll("changes") List<Change> changes, @ForAll("shards") int shards) {
    PositionSet set = new PositionSet(shards);
    Selection first = Selection.ALL.shard(1, shards);
    TreeSet<Integer> known = new TreeSet<>();

    for (Change change : changes) {
      for (int i = change.from; i < change.to; i += change.step) {
        if (change.adds) {
          known.add(i);
        } else {
          known.remove(i);
        }
      }
      if (change.adds) {
        set.add(change.from, change.count(), change.step);
      } else {
        set.remove(change.from, change.count(), change.step);
      }
      assertThat(set.size()).isEqualTo(known.size());
      assertThat(set.firstMissing(first)).isEqualTo(firstMissing(known, first));
    }

    assertThat(set.contains(MOST)).isFalse();
    for (int i = 0; i < MOST; i += 7) {
      assertThat(set.contains(i)).isEqualTo(known.contains(i));
    }
    List<Integer> listed = listed(set.stretches());
    assertThat(listed).doesNotHaveDuplicates().hasSize(known.size());
    assertThat(new TreeSet<>(listed)).isEqualTo(known);
  }

  @Property(tries = 60)
  void whatItLacksOfAnotherIsLeft(
      @ForAll("changes") List<Change> changes,
      @ForAll("changes") List<Change> without,
      @ForAll("shards") int shards) {
    PositionSet set = new PositionSet(shards);
    PositionSet less = new PositionSet(shards);
    TreeSet<Integer> left = new TreeSet<>();

    for (Change change : changes) {
      set.add(change.from, change.count(), change.step);
      for (int i = change.from; i < change.to; i += change.step) {
        left.add(i);
      }
    }
    for (Change change : without) {
      less.add(change.from, change.count(), change.step);
      for (int i = change.from; i < change.to; i += change.step) {
        left.remove(i);
      }
    }

    List<Integer> listed = listed(set.stretches(less));
    assertThat(listed).doesNotHaveDuplicates().hasSize(left.size());
    assertThat(new TreeSet<>(listed)).isEqualTo(left);
  }

  private static List<Integer> listed(Stretches stretches) {
    List<Integer> listed = new ArrayList<>();
    stretches.forEach((from, to) -> {
      for (long i = from; i < to; i++) {
        listed.add((int) i);
      }
    });
    return listed;
  }

  @Property(tries = 60)
  void itIsTheSameForAnyNumberOfShards(
      @ForAll("changes") List<Change> changes,
      @ForAll("shards") int shards,
      @ForAll("shards") int others) {
    PositionSet set = new PositionSet(shards);
    for (Change change : changes) {
      set.add(change.from, change.count(), change.step);
    }

    PositionSet other = new PositionSet(others);
    set.stretches().addTo(other);

    assertThat(other.size()).isEqualTo(set.size());
    for (int i = 0; i < MOST; i += 7) {
      assertThat(other.contains(i)).isEqualTo(set.contains(i));
    }
  }

  @Property(tries = 30)
  void theFirstMissingOneIsOfTheSelection(
      @ForAll("changes") List<Change> changes, @ForAll @IntRange(min = 0, max = 100) int least) {
    PositionSet set = new PositionSet(3);
    TreeSet<Integer> known = new TreeSet<>();
    Selection third = Selection.ALL.range(least, Long.MAX_VALUE).shard(2, 3);

    for (Change change : changes) {
      set.add(change.from, change.count(), change.step);
      for (int i = change.from; i < change.to; i += change.step) {
        known.add(i);
      }

      assertThat(set.firstMissing(third)).isEqualTo(firstMissing(known, third));
    }
  }

  private static long firstMissing(Set<Integer> known, Selection selection) {
    int at = 0;
    while (known.contains(at) || !selection.contains(at)) {
      at++;
    }
    return at;
  }

  @Property(tries = 60)
  void positionsMayBeLarge(
      @ForAll Set<@LongRange(min = 1L << 50, max = 1L << 62) Long> positions,
      @ForAll("shards") int shards) {
    PositionSet set = new PositionSet(shards);

    positions.forEach(position -> set.add(position, position + 1));

    assertThat(set.size()).isEqualTo(positions.size());
    assertThat(positions).allMatch(set::contains);
    Set<Long> listed = new TreeSet<>();
    set.stretches().forEach((from, to) -> LongStream.range(from, to).forEach(listed::add));
    assertThat(listed).isEqualTo(new TreeSet<>(positions));
  }

  @Property
  void theFirstOfASelectionComesNoEarlier(
      @ForAll @LongRange(min = 0, max = 1000) long position,
      @ForAll @LongRange(min = 0, max = 1000) long least,
      @ForAll("shards") int shards) {
    Selection selection = Selection.ALL.range(least, Long.MAX_VALUE).shard(shards, shards);

    long first = selection.first(position);

    assertThat(selection.contains(first)).isTrue();
    assertThat(LongStream.range(position, first)).noneMatch(selection::contains);
    assertThat(first).isGreaterThanOrEqualTo(position);
  }

  @Test
  void nothingComesAfterTheLastPositionThereIs() {
    Selection shard = Selection.ALL.range(Long.MAX_VALUE - 1, Long.MAX_VALUE).shard(1, 100);

    assertThat(shard.first(0)).isEqualTo(Long.MAX_VALUE);
    assertThat(new PositionSet(100).firstMissing(shard)).isEqualTo(Long.MAX_VALUE);
  }

  @Provide
  Arbitrary<List<Change>> changes() {
    Arbitrary<Integer> from =
        Arbitraries.oneOf(
            Arbitraries.integers().between(0, 200), Arbitraries.integers().between(0, MOST - 1));
    Arbitrary<Integer> length =
        Arbitraries.oneOf(
            Arbitraries.integers().between(0, 130), Arbitraries.integers().between(0, MOST));
    Arbitrary<Boolean> adds =
        Arbitraries.frequencyOf(
            Tuple.of(3, Arbitraries.just(true)), Tuple.of(1, Arbitraries.just(false)));
    return Combinators.combine(adds, from, length, shards())
        .as((add, first, count, step) ->
            new Change(add, first, Math.min(MOST, first + count), step))
        .list()
        .ofMaxSize(8);
  }

  @Provide
  Arbitrary<Integer> shards() {
    return Arbitraries.of(1, 1, 2, 3, 4, 6, 100);
  }
}

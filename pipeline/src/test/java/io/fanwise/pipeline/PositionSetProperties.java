package io.fanwise.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

class PositionSetProperties {
  /// Some chunks.
  private static final int MOST = 4 << 16;

  record Change(boolean adds, int from, int to) {}

  @Property(tries = 60)
  void itHoldsWhatWasAddedAndNotTakenOut(@ForAll("changes") List<Change> changes) {
    PositionSet set = new PositionSet();
    TreeSet<Integer> known = new TreeSet<>();

    for (Change change : changes) {
      for (int i = change.from; i < change.to; i++) {
        if (change.adds) {
          known.add(i);
        } else {
          known.remove(i);
        }
      }
      if (change.adds) {
        set.add(change.from, change.to);
      } else {
        set.remove(change.from, change.to);
      }
      assertThat(set.size()).isEqualTo(known.size());
      assertThat(set.firstMissing(Selection.ALL)).isEqualTo(firstMissing(known, 1, 1));
    }

    assertThat(set.contains(MOST)).isFalse();
    for (int i = 0; i < MOST; i += 7) {
      assertThat(set.contains(i)).isEqualTo(known.contains(i));
    }
    List<Integer> listed = new ArrayList<>();
    for (long[] each : set.stretches().all()) {
      for (long i = each[0]; i < each[1]; i++) {
        listed.add((int) i);
      }
    }
    assertThat(listed).isEqualTo(List.copyOf(known));
  }

  @Property(tries = 30)
  void theFirstMissingOneIsOfTheSelection(@ForAll("changes") List<Change> changes) {
    PositionSet set = new PositionSet();
    TreeSet<Integer> known = new TreeSet<>();
    Selection third = Selection.ALL.shard(2, 3);

    for (Change change : changes) {
      set.add(change.from, change.to);
      for (int i = change.from; i < change.to; i++) {
        known.add(i);
      }

      assertThat(set.firstMissing(third)).isEqualTo(firstMissing(known, 2, 3));
    }
  }

  private static long firstMissing(Set<Integer> known, int shard, int shards) {
    int at = shard - 1;
    while (known.contains(at)) {
      at += shards;
    }
    return at;
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
    return Combinators.combine(adds, from, length)
        .as((add, first, count) -> new Change(add, first, Math.min(MOST, first + count)))
        .list()
        .ofMaxSize(8);
  }
}

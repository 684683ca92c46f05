package io.fanwise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Spliterator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PulledTest {

  @Test
  void whatCanBeSplitOffIsWhatNeedNotBeWaitedFor() {
    List<Integer> pulled = new ArrayList<>();
    List<Integer> there = new ArrayList<>();

    try (Stream<Integer> results = Fan.threads(1).batch(4).stream(Range.of(0, 8), i -> i)) {
      Spliterator<Integer> each = results.spliterator();
      assertThat(each.trySplit()).isNull();
      while (each.tryAdvance(pulled::add)) {
        Spliterator<Integer> rest = Objects.requireNonNull(each.trySplit());
        assertThat(rest.estimateSize()).isEqualTo(3);
        assertThat(each.trySplit()).isNull();
        rest.forEachRemaining(there::add);
        assertThat(rest.tryAdvance(there::add)).isFalse();
      }
    }

    assertThat(pulled).containsExactly(0, 4);
    assertThat(there).containsExactly(1, 2, 3, 5, 6, 7);
  }
}

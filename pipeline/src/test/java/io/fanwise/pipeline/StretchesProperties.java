package io.fanwise.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class StretchesProperties {
  @Property
  void theyComeBackAsTheyWereWritten(
      @ForAll Set<@LongRange(min = 0, max = 300) Long> positions,
      @ForAll @IntRange(min = 1, max = 5) int shards)
      throws IOException {
    Stretches stretches = Stretches.ofShard(shards);
    positions.forEach(stretches::add);

    Stretches read = written(stretches);
    Stretches sorted = written(stretches.inOrder());

    assertThat(positions(read)).containsExactlyInAnyOrderElementsOf(positions);
    assertThat(positions(sorted)).containsExactlyInAnyOrderElementsOf(positions);
    assertThat(read.size()).isEqualTo(positions.size());
    assertThat(sorted.size()).isEqualTo(positions.size());
  }

  @Property
  void thoseThatAreFarApartComeBackToo(
      @ForAll @Size(max = 20) Set<@LongRange(min = 0, max = Long.MAX_VALUE / 4) Long> positions)
      throws IOException {
    Stretches stretches = Stretches.ofAny();
    positions.stream().sorted().forEach(stretches::add);

    assertThat(positions(written(stretches))).containsExactlyInAnyOrderElementsOf(positions);
  }

  @Property
  void aShardIsOneStretchWhateverCameFirst(
      @ForAll("shuffled") List<Long> ordinals, @ForAll @IntRange(min = 1, max = 1000) int shards)
      throws IOException {
    Stretches stretches = Stretches.ofShard(shards);
    ordinals.forEach(ordinal -> stretches.add(ordinal * shards + shards - 1));

    Stretches read = written(stretches.inOrder());

    assertThat(read.count()).isEqualTo(1);
    assertThat(read.size()).isEqualTo(100);
  }

  @Test
  void aShardIsOneStretchInASetThatIsForAll() {
    PositionSet all = new PositionSet();
    PositionSet third = new PositionSet(3);

    all.add(2, 1_000_000, 3);
    third.add(2, 1_000_000, 3);

    assertThat(all.stretches().count()).isEqualTo(1);
    assertThat(third.stretches().count()).isEqualTo(1);
  }

  @Provide
  Arbitrary<List<Long>> shuffled() {
    return Arbitraries.shuffle(LongStream.range(0, 100).boxed().toList());
  }

  private static Stretches written(Stretches stretches) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    stretches.writeTo(new DataOutputStream(bytes));
    return Stretches.readFrom(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
  }

  private static List<Long> positions(Stretches stretches) {
    List<Long> all = new ArrayList<>();
    stretches.forEach((from, to) -> LongStream.range(from, to).forEach(all::add));
    return all;
  }
}

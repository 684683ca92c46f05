package io.fanwise.processes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanwise.Fan;
import io.fanwise.Range;
import io.fanwise.work.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What is large travels as what is small does.
@Timeout(120)
class LargeTest {
  private static final int LARGE = 300_000_000;

  private final Fan fan = Fan.on(Processes.of(2).heap("1g"));

  @Test
  void anInputOfHundredsOfMegabytes() {
    byte[] input = new byte[LARGE];
    Arrays.fill(input, (byte) 3);

    assertThat(fan.map(List.of(input), b -> b.length + b[LARGE - 1])).containsExactly(LARGE + 3);
  }

  @Test
  void aResultOfHundredsOfMegabytes() {
    byte[] result =
        fan.map(
                List.of(LARGE),
                n -> {
                  byte[] bytes = new byte[n];
                  bytes[n - 1] = 5;
                  return bytes;
                })
            .getFirst();

    assertThat(result).hasSize(LARGE);
    assertThat(result[LARGE - 1]).isEqualTo((byte) 5);
  }

  @Test
  void anInputTooLargeForTheHeapOfTheWorkerFailsWithItsSizeAndTheLimit() {
    Fan small = Fan.on(Processes.of(1).heap("128m"));
    List<byte[]> inputs = List.of(new byte[1], new byte[LARGE], new byte[3]);

    List<Outcome<byte[], Integer>> outcomes;
    try (Stream<Outcome<byte[], Integer>> all = small.outcomes(inputs, bytes -> bytes.length)) {
      outcomes = all.toList();
    }

    assertThat(outcomes.get(0)).isInstanceOf(Outcome.Done.class);
    assertThat(((Outcome.Failed<byte[], Integer>) outcomes.get(1)).error())
        .hasMessageStartingWith(
            "the input is too large for the worker: an array of 300000000 bytes does not fit into the"
                + " heap, whose limit is 1")
        .hasMessageContaining("Processes.heap");
    assertThat(outcomes.get(2)).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void largeBatchesInBothDirectionsAtOnceDoNotBlockEachOther() {
    List<int[]> inputs = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      inputs.add(new int[200_000 + i]);
    }

    List<int[]> results = fan.batch(3).map(inputs, ints -> ints.clone());

    assertThat(results.stream().mapToInt(ints -> ints.length))
        .containsExactly(
            IntStream.range(0, 100).mapToObj(i -> 200_000 + i).toArray(Integer[]::new));
  }

  @Test
  void aWorkerThatIsLostAmongLargeBatchesCostsItsInputOnly() {
    List<int[]> inputs = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      inputs.add(new int[200_000 + i]);
    }

    List<Outcome<int[], Integer>> outcomes;
    try (Stream<Outcome<int[], Integer>> all =
        fan.batch(3)
            .outcomes(
                inputs,
                ints -> {
                  if (ints.length == 200_020) {
                    Runtime.getRuntime().halt(1);
                  }
                  return ints.length;
                })) {
      outcomes = all.toList();
    }

    assertThat(outcomes).hasSize(40);
    assertThat(outcomes).filteredOn(o -> o instanceof Outcome.Failed).hasSize(1);
  }

  @Test
  void withoutOrderEveryResultComesOnce() {
    try (Stream<Integer> results = fan.unordered().stream(Range.of(0, 5000), i -> i)) {
      assertThat(results)
          .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 5000).boxed().toList());
    }
  }
}

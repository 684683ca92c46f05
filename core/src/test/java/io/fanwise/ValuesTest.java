package io.fanwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Numbers of jobs, ranges, chunks, settings.
class ValuesTest {

  @ParameterizedTest
  @CsvSource({
    "1, 8, 1",
    "3, 8, 3",
    "100, 8, 100",
    "-1, 8, 8",
    "-2, 8, 7",
    "-8, 8, 1",
    "-9, 8, 1",
    "-100, 8, 1",
    "-1, 1, 1",
    "-2, 1, 1"
  })
  void jobsAreCountedFromOneOrFromTheNumberOfCores(int jobs, int cores, int expected) {
    assertThat(Jobs.count(jobs, cores)).isEqualTo(expected);
  }

  @Test
  void zeroJobsAreAnErrorThatSaysWhatToWrite() {
    String explained =
        "jobs must be 1 or more, or negative to count from the number of cores (-1 for all, -2 for"
            + " all but one); was 0";

    assertThatThrownBy(() -> Fan.threads(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(explained);
    assertThatThrownBy(() -> Fan.virtualThreads(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(explained);
  }

  @Test
  void asManyThreadsAsThereAreCoresByDefault() {
    int cores = Runtime.getRuntime().availableProcessors();

    assertThat(Jobs.count(-1)).isEqualTo(cores);
    assertThat(Fan.threads().map(List.of(1), i -> i)).containsExactly(1);
    assertThat(Fan.threads(-100).map(List.of(1), i -> i)).containsExactly(1);
  }

  @Test
  void settingsThatMakeNoSenseAreRefusedAtTheDoor() {
    Fan fan = Fan.out();

    assertThatThrownBy(() -> fan.batch(0)).hasMessage("batch size must be at least 1, was 0");
    assertThatThrownBy(() -> fan.batch(-1)).hasMessage("batch size must be at least 1, was -1");
    assertThatThrownBy(() -> fan.window(0)).hasMessage("window must be at least 1, was 0");
    assertThatThrownBy(() -> fan.retry(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> fan.rate((Rate) null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> fan.progress(null)).isInstanceOf(NullPointerException.class);
  }

  @Test
  void aSettingReturnsACopy() {
    Fan fan = Fan.sequential();

    assertThat(fan.unordered()).isNotSameAs(fan);
    assertThat(fan.batch(3)).isNotSameAs(fan);
    assertThat(fan.map(List.of(2, 1), i -> i)).containsExactly(2, 1);
  }

  @Test
  void aRangeKnowsItsSizeAndItsNumbers() {
    assertThat(Range.of(2, 5)).containsExactly(2, 3, 4);
    assertThat(Range.of(-1L, 2L)).containsExactly(-1L, 0L, 1L);
    assertThat(Range.of(3, 3)).isEmpty();
    assertThat(Range.of(2, 5).size()).isEqualTo(3);
    assertThat(Range.of(Integer.MIN_VALUE, Integer.MAX_VALUE).size()).isEqualTo(0xFFFF_FFFFL);
    assertThat(Range.of(Integer.MAX_VALUE - 1, Integer.MAX_VALUE))
        .containsExactly(Integer.MAX_VALUE - 1);
    assertThat(Range.of(0, 3)).hasToString("0 until 3");
  }

  @Test
  void aRangeThatRunsBackwardsIsRefused() {
    assertThatThrownBy(() -> Range.of(5, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a range ends where it begins or later, was from 5 to 2");
    assertThatThrownBy(() -> Range.of(Long.MIN_VALUE, Long.MAX_VALUE))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aRangeEnds() {
    var numbers = Range.of(0, 1).iterator();

    assertThat(numbers.next()).isZero();
    assertThat(numbers.hasNext()).isFalse();
    assertThatThrownBy(numbers::next)
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage("the range ends at 1");
  }

  @Test
  void chunksOfNeighbours() {
    assertThat(Chunks.contiguous(List.of(1, 2, 3, 4, 5, 6, 7, 8), 3))
        .containsExactly(List.of(1, 2), List.of(3, 4, 5), List.of(6, 7, 8));
    assertThat(Chunks.contiguous(List.of(1, 2), 5)).containsExactly(List.of(1), List.of(2));
    assertThat(Chunks.contiguous(List.of(), 5)).isEmpty();
  }

  @Test
  void chunksDealtOutLikeCards() {
    assertThat(Chunks.roundRobin(List.of(1, 2, 3, 4, 5, 6, 7, 8), 3))
        .containsExactly(List.of(1, 4, 7), List.of(2, 5, 8), List.of(3, 6));
    assertThat(Chunks.roundRobin(List.of(1, 2), 5)).containsExactly(List.of(1), List.of(2));
    assertThat(Chunks.roundRobin(List.of(), 5)).isEmpty();
  }

  @Test
  void chunksAreViews() {
    List<Integer> list = new ArrayList<>(List.of(1, 2, 3));
    List<List<Integer>> neighbours = Chunks.contiguous(list, 2);
    List<List<Integer>> dealt = Chunks.roundRobin(list, 2);

    list.set(2, 7);

    assertThat(neighbours.getLast()).endsWith(7);
    assertThat(dealt.getFirst()).containsExactly(1, 7);
    assertThatThrownBy(() -> dealt.getFirst().get(2)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void lessThanOneChunkIsRefused() {
    assertThatThrownBy(() -> Chunks.contiguous(List.of(1), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("chunks must be at least 1, was 0");
    assertThatThrownBy(() -> Chunks.roundRobin(List.of(1), -1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}

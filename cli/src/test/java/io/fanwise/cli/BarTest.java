package io.fanwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class BarTest {
  private static final Counts HALF =
      counts(50, 0, 0, OptionalLong.of(100), 10, Duration.ofSeconds(5));

  @Test
  void itShowsHowFarTheRunHasCome() {
    assertThat(plain(Bar.line(HALF, 80)))
        .isEqualTo(
            " 50% ━━━━━━━━━━━━━━━━━━━━━━  50/100  10/s  0:05 left  4 of 8 running  0:05 gone");
  }

  @Test
  void withoutATotalItShowsNumbersOnly() {
    Counts counts = counts(1_234, 2, 1, OptionalLong.empty(), 10, Duration.ofSeconds(65));

    assertThat(plain(Bar.line(counts, 80)))
        .isEqualTo("1,236 finished  2 failed  10/s  4 of 8 running  1 retried  1:05 gone");
  }

  @Test
  void nobodyIsToldOfCenturies() {
    Counts counts = counts(1, 0, 0, OptionalLong.of(1_000_000), 1e-9, Duration.ofSeconds(5));

    assertThat(Bar.line(counts, 80)).doesNotContain("left");
  }

  @Test
  void whatIsPushedBackIsTold() {
    Counts counts =
        new Counts(
            1,
            0,
            2,
            3_000,
            4,
            8,
            OptionalLong.empty(),
            10,
            Duration.ofSeconds(5),
            Optional.empty());

    assertThat(plain(Bar.line(counts, 80)))
        .contains("4 of 8 running  2 retried  3,000 pushed back");
  }

  @Property
  void itIsNeverWiderThanTheTerminal(
      @ForAll @LongRange(min = 0, max = 1L << 40) long done,
      @ForAll @LongRange(min = 0, max = 1L << 40) long failed,
      @ForAll @LongRange(min = 0, max = 1L << 40) long total,
      @ForAll @IntRange(min = 40, max = 200) int width) {
    Counts counts = counts(done, failed, 7, OptionalLong.of(total), 12_345, Duration.ofHours(3));

    assertThat(plain(Bar.line(counts, width)).length()).isLessThanOrEqualTo(width);
  }

  private static Counts counts(
      long done, long failed, long retried, OptionalLong total, double rate, Duration elapsed) {
    return new Counts(done, failed, retried, 0, 4, 8, total, rate, elapsed, Optional.empty());
  }

  private static String plain(String line) {
    return line.replaceAll("\u001b\\[[0-9;]*[mK]", "");
  }
}

package io.fanwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class BarTest {
  private static final Counts HALF =
      new Counts(50, 0, 0, 4, OptionalLong.of(100), 10, Duration.ofSeconds(5));

  @Test
  void itShowsHowFarTheRunHasCome() {
    assertThat(plain(Bar.line(HALF, 80)))
        .isEqualTo(
            " 50% ━━━━━━━━━━━━━╸━━━━━━━━━━━━━  50/100  10/s  0:05 left  4 running  0:05 gone");
  }

  @Test
  void withoutATotalItShowsNumbersOnly() {
    Counts counts = new Counts(1_234, 2, 1, 4, OptionalLong.empty(), 10, Duration.ofSeconds(65));

    assertThat(plain(Bar.line(counts, 80)))
        .isEqualTo("1,236 finished  2 failed  10/s  4 running  1 retried  1:05 gone");
  }

  @Test
  void nobodyIsToldOfCenturies() {
    Counts counts = new Counts(1, 0, 0, 4, OptionalLong.of(1_000_000), 1e-9, Duration.ofSeconds(5));

    assertThat(Bar.line(counts, 80)).doesNotContain("left");
  }

  @Property
  void itIsNeverWiderThanTheTerminal(
      @ForAll @LongRange(min = 0, max = 1L << 40) long done,
      @ForAll @LongRange(min = 0, max = 1L << 40) long failed,
      @ForAll @LongRange(min = 0, max = 1L << 40) long total,
      @ForAll @IntRange(min = 40, max = 200) int width) {
    Counts counts =
        new Counts(done, failed, 7, 200, OptionalLong.of(total), 12_345, Duration.ofHours(3));

    assertThat(plain(Bar.line(counts, width)).length()).isLessThanOrEqualTo(width);
  }

  private static String plain(String line) {
    return line.replaceAll("\u001b\\[[0-9;]*[mK]", "");
  }
}

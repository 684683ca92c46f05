package io.fanwise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.Rate;
import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class OptionsTest {
  private static final int CORES = Runtime.getRuntime().availableProcessors();

  @Test
  void jobsAreCountedOrCountedFromTheCores() {
    assertThat(Jobs.parse("3")).isEqualTo(new Jobs.Fixed(3));
    assertThat(Jobs.parse("-1")).isEqualTo(new Jobs.Fixed(CORES));
    assertThat(Jobs.parse("-1000")).isEqualTo(new Jobs.Fixed(1));
    assertThat(Jobs.parse("200%")).isEqualTo(new Jobs.Fixed(2 * CORES));
    assertThat(Jobs.parse("1%")).isEqualTo(new Jobs.Fixed(1));
  }

  @Test
  void jobsAreAsManyAsPayBetweenBounds() {
    assertThat(Jobs.parse("auto")).isEqualTo(new Jobs.Auto(1, OptionalInt.empty()));
    assertThat(Jobs.parse("auto:500")).isEqualTo(new Jobs.Auto(1, OptionalInt.of(500)));
    assertThat(Jobs.parse("auto:20-500")).isEqualTo(new Jobs.Auto(20, OptionalInt.of(500)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "0%",
        "-5%",
        "all",
        "",
        "%",
        "99999999999",
        "auto:",
        "auto:0",
        "auto:9-3",
        "auto-3"
      })
  void whatIsNoNumberOfJobsIsRefused(String text) {
    assertThatThrownBy(() -> Jobs.parse(text)).isInstanceOf(TypeConversionException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "10, PT10S",
    "500ms, PT0.5S",
    "1.5s, PT1.5S",
    "2m, PT2M",
    "1h30m, PT1H30M",
    "1d, PT24H",
    "250us, PT0.00025S",
    "0, PT0S"
  })
  void durationsAreReadAsPeopleWriteThem(String text, Duration duration) {
    assertThat(Spans.parse(text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "s", "1h30", "-1s", "1 s", "10 seconds", "1..2"})
  void whatIsNoDurationIsRefused(String text) {
    assertThatThrownBy(() -> Spans.parse(text)).isInstanceOf(TypeConversionException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "420ms, 0.42 s",
    "12.34s, 12.3 s",
    "59.99s, 1 min 00 s",
    "245s, 4 min 05 s",
    "2h10m, 2 h 10 min"
  })
  void durationsAreShownAsPeopleReadThem(String text, String shown) {
    assertThat(Spans.shown(Spans.parse(text))).isEqualTo(shown);
  }

  @Test
  void ratesAreReadAsPeopleWriteThem() {
    assertThat(Rates.parse("100")).isEqualTo(Rate.perSecond(100));
    assertThat(Rates.parse("100/s")).isEqualTo(Rate.perSecond(100));
    assertThat(Rates.parse("6000/m")).isEqualTo(Rate.perMinute(6_000));
    assertThat(Rates.parse("10/500ms")).isEqualTo(Rate.of(10, Duration.ofMillis(500)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/s", "0/s", "-1", "1/", "1/parsec", "1/0s", "1.5/s"})
  void whatIsNoRateIsRefused(String text) {
    assertThatThrownBy(() -> Rates.parse(text)).isInstanceOf(TypeConversionException.class);
  }

  @Test
  void aBackoffGrowsOrStays() {
    assertThat(Backoff.parse("1s..1m"))
        .isEqualTo(new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1)));
    assertThat(Backoff.parse("1s"))
        .isEqualTo(new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(1)));
    assertThatThrownBy(() -> Backoff.parse("2s..1s")).hasMessageContaining("shrinks");
  }

  @Test
  void aRunIsGivenUpByNumberOrPercentage() {
    assertThat(Halt.parse("never").reached(1_000, 1_000)).isFalse();
    assertThat(Halt.parse("now")).isEqualTo(new Halt(Halt.How.NOW, 1, false));
    assertThat(Halt.parse("soon,fail=3").reached(2, 100)).isFalse();
    assertThat(Halt.parse("soon,fail=3").reached(3, 100)).isTrue();
    assertThat(Halt.parse("now,fail=10%").reached(9, 100)).isFalse();
    assertThat(Halt.parse("now,fail=10%").reached(10, 100)).isTrue();
    assertThat(Halt.parse("now,fail=10%").reached(5, 5)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "later", "now,fail=0", "now,fail=-1", "soon,5", "never,fail=1"})
  void whatIsNoHaltIsRefused(String text) {
    assertThatThrownBy(() -> Halt.parse(text)).isInstanceOf(TypeConversionException.class);
  }

  @Test
  void aCommandIsCutIntoWordsAsAShellDoes() {
    assertThat(Words.of("  gzip  -k {} ")).containsExactly("gzip", "-k", "{}");
    assertThat(Words.of("a'b c'd \"e 'f'\" ''")).containsExactly("ab cd", "e 'f'", "");
    assertThat(Words.of("a\\ b \"\\\"\" '\\n' \"\\n\"")).containsExactly("a b", "\"", "\\n", "\\n");
    assertThat(Words.of("awk \\{print}")).containsExactly("awk", "\\{print}");
    assertThatThrownBy(() -> Words.of("a \"b")).hasMessage("a quote (\") is not closed: a \"b");
  }
}

package io.fanwise.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

  private static Headers headers(String... namesAndValues) {
    return new Headers(List.of(namesAndValues));
  }

  @ParameterizedTest
  @CsvSource({
    "Retry-After, 120, PT2M",
    "retry-after, 'Fri, 20 Nov 2026 12:00:30 GMT', PT30S",
    "Retry-After, 'Fri, 20 Nov 2026 11:00:00 GMT', PT0S",
    "Retry-After, 1.5, PT1.5S",
    "Retry-After, 99999999, PT24H",
    "X-RateLimit-Reset, 1795176060, PT1M",
    "x-ratelimit-reset-tokens, 6m0s, PT6M",
    "x-ratelimit-reset-requests, 20ms, PT0.02S",
    "RateLimit-Reset, 5, PT5S"
  })
  void theTimeToComeBackIsWrittenInManyWays(String name, String value, Duration expected) {
    assertThat(RetryAfter.of(headers(name, value), NOW)).hasValue(expected);
  }

  @Test
  void aDateIsReadByTheClockOfTheServer() {
    Headers headers =
        headers(
            "Date", "Fri, 20 Nov 2026 09:00:00 GMT",
            "Retry-After", "Fri, 20 Nov 2026 09:00:10 GMT");

    assertThat(RetryAfter.of(headers, NOW)).hasValue(Duration.ofSeconds(10));
  }

  @Test
  void whatTheServiceAsksForGoesBeforeWhatItTellsOfItsWindow() {
    assertThat(RetryAfter.of(headers("X-RateLimit-Reset", "60", "Retry-After", "1"), NOW))
        .hasValue(Duration.ofSeconds(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"soon", "", "-5", "1e9", "NaN", "Fri, 99 Nov 2026 09:00:10 GMT"})
  void whatCannotBeReadSaysNothing(String value) {
    assertThat(RetryAfter.of(headers("Retry-After", value), NOW)).isEmpty();
  }

  @Property
  void nothingAServerSaysBreaksIt(@ForAll String value) {
    Headers headers = headers("Retry-After", value, "RateLimit", value, "X-RateLimit-Reset", value);

    assertThat(RetryAfter.of(headers, NOW))
        .matches(time ->
            time.isEmpty()
                || (!time.get().isNegative() && time.get().compareTo(Duration.ofDays(1)) <= 0));
  }
}

package io.fanwise.http;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How long a service wants to be left alone: `Retry-After` in seconds or as a date (RFC 9110), the
/// end of its window from `RateLimit` and its many forerunners.
final class RetryAfter {
  /// A date far away is more likely a wrong clock.
  private static final Duration LONGEST = Duration.ofDays(1);

  /// Larger numbers of seconds are times since 1970.
  private static final double EPOCH = 1e9;

  private static final Pattern RESET =
      Pattern.compile("(?:^|[;,\\s])(?:t|reset)\\s*=\\s*(\\d+)", Pattern.CASE_INSENSITIVE);
  private static final Pattern SPAN = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|h|m|s)");
  private static final String[] FORERUNNERS = {
    "RateLimit-Reset",
    "X-RateLimit-Reset",
    "X-Rate-Limit-Reset",
    "X-RateLimit-Reset-Requests",
    "X-RateLimit-Reset-Tokens"
  };

  private RetryAfter() {}

  static Optional<Duration> of(Headers headers, Instant now) {
    Optional<Duration> asked =
        headers
            .first("Retry-After")
            .flatMap(text -> seconds(text, now).or(() -> date(text, headers, now)));
    return asked
        .or(() -> headers.first("RateLimit").flatMap(RetryAfter::reset))
        .or(() -> forerunner(headers, now))
        .map(time -> time.isNegative() ? Duration.ZERO : time)
        .map(time -> time.compareTo(LONGEST) > 0 ? LONGEST : time);
  }

  private static Optional<Duration> date(String text, Headers headers, Instant now) {
    Instant theirs = headers.first("Date").flatMap(RetryAfter::instant).orElse(now);
    return instant(text).map(until -> Duration.between(theirs, until));
  }

  private static Optional<Instant> instant(String date) {
    try {
      return Optional.of(
          ZonedDateTime.parse(date.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static Optional<Duration> reset(String rateLimit) {
    Matcher reset = RESET.matcher(rateLimit);
    return reset.find() ? number(reset.group(1)).map(RetryAfter::span) : Optional.empty();
  }

  private static Optional<Duration> forerunner(Headers headers, Instant now) {
    return Arrays.stream(FORERUNNERS)
        .flatMap(name -> headers.first(name).stream())
        .flatMap(text -> seconds(text, now).or(() -> written(text)).stream())
        .max(Duration::compareTo);
  }

  private static Optional<Duration> seconds(String text, Instant now) {
    return number(text.strip())
        .map(seconds -> seconds < EPOCH ? span(seconds) : span(seconds - now.toEpochMilli() / 1e3));
  }

  private static Optional<Double> number(String text) {
    return text.matches("\\d{1,15}(\\.\\d{1,9})?")
        ? Optional.of(Double.parseDouble(text))
        : Optional.empty();
  }

  private static Duration span(double seconds) {
    return Duration.ofMillis(Math.round(Math.min(seconds, (double) LONGEST.toSeconds()) * 1e3));
  }

  /// `6m0s`, `20ms`.
  private static Optional<Duration> written(String text) {
    String plain = text.strip().toLowerCase(Locale.ROOT);
    if (!plain.matches("(?:\\d+(?:\\.\\d+)?(?:ms|h|m|s))+")) {
      return Optional.empty();
    }
    double seconds = 0;
    Matcher part = SPAN.matcher(plain);
    while (part.find()) {
      seconds +=
          Double.parseDouble(part.group(1))
              * switch (part.group(2)) {
                case "h" -> 3600;
                case "m" -> 60;
                case "s" -> 1;
                default -> 1e-3;
              };
    }
    return Optional.of(span(seconds));
  }
}

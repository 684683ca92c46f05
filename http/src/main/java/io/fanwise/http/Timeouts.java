package io.fanwise.http;

import java.io.Serializable;
import java.time.Duration;
import java.util.Locale;

/// How long each part of a call may take. Immutable.
///
/// @param connect until there is a connection
/// @param tls until both sides have agreed on keys
/// @param firstByte from then until the answer begins
/// @param between between one part of the answer and the next
/// @param whole all of that together, redirects included
public record Timeouts(
    Duration connect, Duration tls, Duration firstByte, Duration between, Duration whole)
    implements Serializable {

  /// Refuses what leaves no time.
  public Timeouts {
    positive("connect", connect);
    positive("tls", tls);
    positive("firstByte", firstByte);
    positive("between", between);
    positive("whole", whole);
  }

  private static void positive(String what, Duration time) {
    if (!time.isPositive() || time.compareTo(Duration.ofDays(365)) > 0) {
      throw new IllegalArgumentException(
          "the timeout %s must be positive and at most a year, was %s".formatted(what, time));
    }
  }

  /// Ten seconds each to connect and for TLS, a minute for the first byte, half a minute between
  /// bytes, five minutes in all.
  ///
  /// @return the timeouts of a task that says nothing else
  public static Timeouts standard() {
    return new Timeouts(
        Duration.ofSeconds(10),
        Duration.ofSeconds(10),
        Duration.ofMinutes(1),
        Duration.ofSeconds(30),
        Duration.ofMinutes(5));
  }

  /// The same with another time to connect.
  ///
  /// @param time the longest time
  /// @return a copy
  public Timeouts connect(Duration time) {
    return new Timeouts(time, tls, firstByte, between, whole);
  }

  /// The same with another time for TLS.
  ///
  /// @param time the longest time
  /// @return a copy
  public Timeouts tls(Duration time) {
    return new Timeouts(connect, time, firstByte, between, whole);
  }

  /// The same with another time until the answer begins.
  ///
  /// @param time the longest time
  /// @return a copy
  public Timeouts firstByte(Duration time) {
    return new Timeouts(connect, tls, time, between, whole);
  }

  /// The same with another time between the parts of an answer.
  ///
  /// @param time the longest time
  /// @return a copy
  public Timeouts between(Duration time) {
    return new Timeouts(connect, tls, firstByte, time, whole);
  }

  /// The same with another time for the whole call.
  ///
  /// @param time the longest time
  /// @return a copy
  public Timeouts whole(Duration time) {
    return new Timeouts(connect, tls, firstByte, between, time);
  }

  /// A time as people write it: `1m30s`.
  static String text(Duration time) {
    return time.toString().substring(2).toLowerCase(Locale.ROOT);
  }
}

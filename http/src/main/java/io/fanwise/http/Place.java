package io.fanwise.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanwise.rows.Json;
import java.util.HexFormat;

/// Where in a request a field stands, and so how it is written there.
enum Place {
  /// It is the URL, or its beginning.
  URL,
  /// In the host or the port of a URL.
  HOST,
  /// In the path of a URL.
  PATH,
  /// In the query of a URL.
  QUERY,
  /// In the value of a header.
  HEADER,
  /// In a body that is text.
  TEXT,
  /// In a JSON body, where a value stands.
  JSON_VALUE,
  /// In a JSON body, in quotes.
  JSON_STRING,
  /// In the name of a file.
  FILE;

  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  /// A value as it is written here.
  ///
  /// @throws IllegalArgumentException if it must not stand here
  String written(String name, String value) {
    return switch (this) {
      case URL -> Url.requireSound(value);
      case HOST -> host(name, value);
      case PATH -> percentEncoded(notEmpty(name, value, "the path"));
      case QUERY -> percentEncoded(value);
      case HEADER -> header(name, value);
      case TEXT, JSON_VALUE -> value;
      case JSON_STRING -> quoted(value);
      case FILE -> fileName(name, value);
    };
  }

  /// All but letters, digits and `-._~` as `%` and two digits, byte by byte of UTF-8.
  static String percentEncoded(String value) {
    StringBuilder encoded = new StringBuilder(value.length() + 8);
    for (byte each : value.getBytes(UTF_8)) {
      if (unreserved(each)) {
        encoded.append((char) each);
      } else {
        encoded.append('%').append(HEX.toHexDigits(each));
      }
    }
    return encoded.toString();
  }

  private static boolean unreserved(byte each) {
    return (each >= 'a' && each <= 'z')
        || (each >= 'A' && each <= 'Z')
        || (each >= '0' && each <= '9')
        || each == '-'
        || each == '.'
        || each == '_'
        || each == '~';
  }

  private static String host(String name, String value) {
    if (!value.matches("[A-Za-z0-9.-]+")) {
      throw new IllegalArgumentException("the field {%s} is no host: %s".formatted(name, value));
    }
    return value;
  }

  private static String notEmpty(String name, String value, String where) {
    if (value.isEmpty()) {
      throw new IllegalArgumentException(
          "the field {%s} is empty, but stands in %s".formatted(name, where));
    }
    return value;
  }

  /// Line ends would make headers of their own; other characters would be sent as question marks.
  private static String header(String name, String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < ' ' && c != '\t') || c == 0x7F || c > 0xFF) {
        throw new IllegalArgumentException(
            "the field {%s} cannot stand in a header: its character %d is U+%04X"
                .formatted(name, i + 1, (int) c));
      }
    }
    return value;
  }

  private static String quoted(String value) {
    String json = Json.text(value);
    return json.substring(1, json.length() - 1);
  }

  private static String fileName(String name, String value) {
    String sound = notEmpty(name, value, "the name of a file");
    boolean climbs = sound.equals(".") || sound.equals("..");
    if (climbs || sound.chars().anyMatch(c -> c < ' ' || c == '/' || c == '\\' || c == 0x7F)) {
      throw new IllegalArgumentException(
          "the field {%s} is no name of a file: %s".formatted(name, value));
    }
    return sound;
  }
}

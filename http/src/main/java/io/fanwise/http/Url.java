package io.fanwise.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.Locale;

/// What is asked of a URL before it is called.
final class Url {
  private static final String PLAIN =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/?[]@!$&'()*+,;=";

  private Url() {}

  /// A URL as it can be sent.
  ///
  /// @throws IllegalArgumentException if it is none of a web service, or has a password in it
  static String requireSound(String url) {
    URI uri = parsed(url);
    String scheme = uri.getScheme();
    if (!"http".equalsIgnoreCase(scheme) && !"https".equalsIgnoreCase(scheme)) {
      throw new IllegalArgumentException("a URL begins with http:// or https://, was " + url);
    }
    if (uri.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          "a URL must not have a user or a password in it: give them by basic(user, Secret)");
    }
    if (uri.getHost() == null) {
      throw new IllegalArgumentException("no host in the URL " + url);
    }
    if (climbs(uri.getRawPath())) {
      throw new IllegalArgumentException("the path of a URL must not have . or .. in it: " + url);
    }
    return url;
  }

  private static boolean climbs(String path) {
    boolean dots = path.contains("/.") || path.toLowerCase(Locale.ROOT).contains("%2e");
    return dots && Arrays.stream(path.split("/", -1)).anyMatch(Url::isDots);
  }

  private static boolean isDots(String segment) {
    String plain = segment.toLowerCase(Locale.ROOT).replace("%2e", ".");
    return plain.equals(".") || plain.equals("..");
  }

  private static URI parsed(String url) {
    try {
      return new URI(url);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("not a URL: %s (%s)".formatted(url, e.getReason()), e);
    }
  }

  /// The text of a URL's template, letters beyond ASCII encoded.
  ///
  /// @throws IllegalArgumentException if it has characters that no URL has
  static String literal(String text) {
    StringBuilder encoded = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c -> {
          if (c == '#') {
            throw new IllegalArgumentException(
                "a URL is sent without what follows #: leave it out of " + text);
          } else if (c > 0x7F) {
            encoded.append(Place.percentEncoded(Character.toString(c)));
          } else if (PLAIN.indexOf(c) >= 0 || c == '%') {
            encoded.append((char) c);
          } else {
            throw new IllegalArgumentException(
                "a URL has no '%s' in it: write %%%02X in %s"
                    .formatted(Character.toString(c), c, text));
          }
        });
    return encoded.toString();
  }
}

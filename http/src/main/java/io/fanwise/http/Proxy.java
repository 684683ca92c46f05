package io.fanwise.http;

import java.io.Serializable;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Through what to connect: nothing, an HTTP proxy, or what the environment says. Immutable.
///
/// @param kind which of them
/// @param uri the proxy; null if it is not this one
record Proxy(Kind kind, @Nullable URI uri) implements Serializable {

  /// Which proxy.
  enum Kind {
    NONE,
    FIXED,
    ENVIRONMENT
  }

  static Proxy none() {
    return new Proxy(Kind.NONE, null);
  }

  static Proxy fixed(URI uri) {
    if (uri.getUserInfo() != null) {
      throw new IllegalArgumentException(
          "a proxy must not have a password in its URL: set HTTPS_PROXY and use proxyFromEnvironment");
    }
    return new Proxy(Kind.FIXED, sound(uri));
  }

  static Proxy environment() {
    return new Proxy(Kind.ENVIRONMENT, null);
  }

  private static URI sound(URI uri) {
    if (!"http".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null) {
      throw new IllegalArgumentException("a proxy is http://HOST:PORT, was " + uri.getScheme());
    }
    return uri;
  }

  /// The proxy for a URL.
  ///
  /// @param environment the variables there are
  /// @return empty to connect directly
  Optional<URI> forUrl(URI url, Map<String, String> environment) {
    return switch (kind) {
      case NONE -> Optional.empty();
      case FIXED -> Optional.ofNullable(uri);
      case ENVIRONMENT ->
          exempt(url, of(environment, "no_proxy").orElse(""))
              ? Optional.empty()
              : of(environment, url.getScheme().toLowerCase(Locale.ROOT) + "_proxy")
                  .or(() -> of(environment, "all_proxy"))
                  .map(text -> sound(URI.create(text.contains("://") ? text : "http://" + text)));
    };
  }

  /// In lower case first, as other programs do.
  private static Optional<String> of(Map<String, String> environment, String variable) {
    return Optional.ofNullable(environment.get(variable))
        .or(() -> Optional.ofNullable(environment.get(variable.toUpperCase(Locale.ROOT))))
        .filter(value -> !value.isBlank());
  }

  private static boolean exempt(URI url, String list) {
    String host = url.getHost().toLowerCase(Locale.ROOT);
    for (String each : list.toLowerCase(Locale.ROOT).split("[,\\s]+", -1)) {
      String name = each.replaceFirst("^\\*?\\.", "").replaceFirst(":\\d+$", "");
      if (each.equals("*")
          || (!name.isEmpty() && (host.equals(name) || host.endsWith("." + name)))) {
        return true;
      }
    }
    return false;
  }
}

package io.fanwise.http;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Where an answer sends us. What is secret stays with the host it was given for.
final class Redirect {
  private static final Set<String> OF_BODIES =
      Set.of("content-type", "content-encoding", "content-language", "content-length");

  private Redirect() {}

  static boolean is(int status) {
    return switch (status) {
      case 301, 302, 303, 307, 308 -> true;
      default -> false;
    };
  }

  /// The call that follows.
  ///
  /// @throws IllegalArgumentException if one should not follow
  static Call follow(Call call, int status, String location) {
    URI from = call.uri();
    URI to = from.resolve(location.strip());
    String plain = to.toString().replaceFirst("#.*$", "");
    Url.requireSound(plain);
    if (from.getScheme().equalsIgnoreCase("https") && !to.getScheme().equalsIgnoreCase("https")) {
      throw new IllegalArgumentException("it leads from https to http, where anybody can listen");
    }
    boolean away = !origin(from).equals(origin(to));
    boolean asGet =
        switch (call.method()) {
          case "GET", "HEAD" -> false;
          case "POST" -> status < 304;
          default -> status == 303;
        };
    Call.Body body = asGet ? null : call.body();
    if (away && body != null && body.secret()) {
      throw new IllegalArgumentException("it leads to another host, and a secret is in the body");
    }
    List<Call.Header> headers =
        call.headers().stream()
            .filter(header -> !(away && header.secret()))
            .filter(
                header -> !(asGet && OF_BODIES.contains(header.name().toLowerCase(Locale.ROOT))))
            .toList();
    return new Call(asGet ? "GET" : call.method(), plain, plain, headers, body, call.repeatable());
  }

  private static String origin(URI uri) {
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
    return scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + ":" + port;
  }
}

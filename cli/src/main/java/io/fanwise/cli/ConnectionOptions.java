package io.fanwise.cli;

import io.fanwise.Rate;
import io.fanwise.http.Http;
import io.fanwise.http.Timeouts;
import io.fanwise.http.Tls;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/// How a web service is reached. Confined to the thread that runs the command.
final class ConnectionOptions {

  /// A part of a call.
  enum Phase {
    /// Until there is a connection.
    CONNECT,
    /// Until both sides have agreed on keys.
    TLS,
    /// Until the answer begins.
    FIRST_BYTE,
    /// Between one part of the answer and the next.
    BETWEEN;

    /// {@return the name users type}
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  @Option(
      names = "--timeouts",
      paramLabel = "PART=TIME",
      split = ",",
      description =
          "How long a part of a call may take: connect, tls, first-byte, between (parts of the"
              + " answer). Default: connect=10s,tls=10s,first-byte=1m,between=30s; --timeout is for"
              + " the whole, by default 5m.")
  Map<Phase, Duration> timeouts = new LinkedHashMap<>();

  @Option(
      names = "--rate-per-host",
      paramLabel = "N/UNIT",
      split = ",",
      description = "Start at most so many attempts for each host by itself: 10/s.")
  List<Rate> perHost = new ArrayList<>();

  @Option(names = "--http1", description = "Speak HTTP/1.1, whatever is offered.")
  boolean http1;

  @Option(names = "--http2", description = "Speak HTTP/2, also without TLS.")
  boolean http2;

  @Option(
      names = "--proxy",
      paramLabel = "URL|none",
      description =
          "Through http://HOST:PORT. Default: what http_proxy, https_proxy, all_proxy and no_proxy say.")
  Optional<String> proxy = Optional.empty();

  @Option(
      names = "--cacert",
      paramLabel = "FILE",
      description = "Trust these certificates (PEM), and no others.")
  Optional<Path> authorities = Optional.empty();

  @Option(
      names = "--cert",
      paramLabel = "FILE",
      description = "Show this certificate (PEM), with --key.")
  Optional<Path> certificate = Optional.empty();

  @Option(names = "--key", paramLabel = "FILE", description = "Its key (PEM, without password).")
  Optional<Path> key = Optional.empty();

  @Option(
      names = "--insecure",
      description = "Trust whoever answers: for tests of one's own servers.")
  boolean insecure;

  /// The task, and how it connects.
  ///
  /// @param whole how long a call may take, if that is said
  /// @param environment the variables there are
  /// @throws IllegalArgumentException if it makes no sense
  Http connecting(Http http, Optional<Duration> whole, Map<String, String> environment) {
    if (http1 && http2) {
      throw new IllegalArgumentException("--http1 and --http2 exclude each other");
    }
    Http connecting = http.timeouts(times(whole)).tls(tls());
    if (http1 || http2) {
      connecting = http1 ? connecting.http1() : connecting.http2();
    }
    if (proxy.isPresent()) {
      return proxy.get().equals("none") ? connecting : connecting.proxy(URI.create(proxy.get()));
    }
    boolean named =
        environment.keySet().stream()
            .anyMatch(name -> name.toLowerCase(Locale.ROOT).matches("(http|https|all)_proxy"));
    return named ? connecting.proxyFromEnvironment() : connecting;
  }

  private Timeouts times(Optional<Duration> whole) {
    Timeouts times = Timeouts.standard();
    for (Map.Entry<Phase, Duration> each : timeouts.entrySet()) {
      times =
          switch (each.getKey()) {
            case CONNECT -> times.connect(each.getValue());
            case TLS -> times.tls(each.getValue());
            case FIRST_BYTE -> times.firstByte(each.getValue());
            case BETWEEN -> times.between(each.getValue());
          };
    }
    return whole.isPresent() ? times.whole(whole.get()) : times;
  }

  private Tls tls() {
    if (certificate.isPresent() != key.isPresent()) {
      throw new IllegalArgumentException("--cert and --key belong together: give both");
    }
    if (insecure && authorities.isPresent()) {
      throw new IllegalArgumentException(
          "--insecure trusts anybody, --cacert only some: leave out one");
    }
    Tls tls = insecure ? Tls.standard().insecure() : Tls.standard();
    if (authorities.isPresent()) {
      tls = tls.trusting(authorities.get());
    }
    return certificate.isPresent() && key.isPresent()
        ? tls.certificate(certificate.get(), key.get())
        : tls;
  }
}

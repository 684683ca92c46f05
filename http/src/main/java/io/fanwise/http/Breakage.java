package io.fanwise.http;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.compression.DecompressionException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.file.FileSystemException;
import java.security.cert.CertificateException;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// What a client's exceptions mean, as a sentence.
final class Breakage {
  private Breakage() {}

  static Broken of(Call call, Exchange exchange, Timeouts timeouts, Exception thrown) {
    Throwable cause =
        exchange
            .failure()
            .orElseGet(() -> {
              Throwable inner = thrown.getCause();
              return thrown instanceof ExecutionException && inner != null ? inner : thrown;
            });
    Broken.When when = exchange.sent() ? Broken.When.AFTER_SENDING : Broken.When.BEFORE_SENDING;
    if (exchange.lateness().isPresent()) {
      return new Broken(when, exchange.lateness().get(), cause);
    }
    if (hopeless(cause)) {
      when = Broken.When.HOPELESS;
    }
    return new Broken(when, told(call, exchange, timeouts, cause), cause);
  }

  private static boolean hopeless(Throwable cause) {
    return in(cause, CertificateException.class) != null
        || cause instanceof Exchange.TooLarge
        || cause instanceof FileSystemException
        || in(cause, TooLongHttpHeaderException.class) != null
        || in(cause, TooLongHttpLineException.class) != null;
  }

  private static String told(Call call, Exchange exchange, Timeouts timeouts, Throwable cause) {
    String at = exchange.address();
    if (in(cause, UnknownHostException.class) != null) {
      return "no address is known for " + call.uri().getHost();
    }
    if (in(cause, SslHandshakeTimeoutException.class) != null) {
      return "no TLS connection within %s%s (timeout tls)"
          .formatted(Timeouts.text(timeouts.tls()), at);
    }
    SSLException tls = in(cause, SSLException.class);
    if (tls != null && !exchange.sent()) {
      return "no TLS connection%s: %s".formatted(at, deepest(tls));
    }
    if (in(cause, ConnectTimeoutException.class) != null) {
      return "no connection within %s%s (timeout connect)"
          .formatted(Timeouts.text(timeouts.connect()), at);
    }
    if (in(cause, ConnectException.class) != null) {
      return deepest(cause).contains("refused")
          ? "connection refused" + at
          : "no connection%s: %s".formatted(at, deepest(cause));
    }
    if (in(cause, TooLongHttpHeaderException.class) != null
        || in(cause, TooLongHttpLineException.class) != null) {
      return "the answer has more than 64 kB of headers";
    }
    if (in(cause, DecompressionException.class) != null) {
      return "the body cannot be unpacked: " + deepest(cause);
    }
    if (cause instanceof Exchange.TooLarge) {
      return String.valueOf(cause.getMessage());
    }
    if (cause instanceof FileSystemException) {
      return "the body cannot be saved: " + cause;
    }
    return broken(exchange, cause);
  }

  private static String broken(Exchange exchange, Throwable cause) {
    if (cause instanceof DecoderException || cause instanceof IllegalArgumentException) {
      return "the answer is not HTTP: " + deepest(cause);
    }
    if (cause instanceof IOException) {
      return (exchange.heard()
              ? "the connection ended in the middle of the answer"
              : "the connection ended before the answer")
          + ": "
          + deepest(cause);
    }
    return cause.toString();
  }

  private static <E extends Throwable> @Nullable E in(Throwable thrown, Class<E> type) {
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      if (type.isInstance(each)) {
        return type.cast(each);
      }
    }
    return null;
  }

  /// The message nearest to what happened.
  private static String deepest(Throwable thrown) {
    Throwable deepest = thrown;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    String message = deepest.getMessage();
    return message == null ? deepest.getClass().getSimpleName() : message;
  }
}

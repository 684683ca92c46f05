package io.fanwise.http;

import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.HashedWheelTimer;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.asynchttpclient.AsyncHttpClient;
import org.asynchttpclient.AsyncHttpClientConfig.ResponseBodyPartFactory;
import org.asynchttpclient.DefaultAsyncHttpClient;
import org.asynchttpclient.DefaultAsyncHttpClientConfig;
import org.asynchttpclient.Dsl;
import org.asynchttpclient.ListenableFuture;
import org.asynchttpclient.Realm;
import org.asynchttpclient.Request;
import org.asynchttpclient.RequestBuilder;
import org.asynchttpclient.netty.ssl.DefaultSslEngineFactory;
import org.asynchttpclient.proxy.ProxyServer;

/// HTTP by async-http-client on Netty. There is one in a JVM for all calls with equal settings; its
/// threads are daemons, and what is idle for a minute is closed. Safe for use by many threads.
final class AsyncClient implements Client {
  private static final Map<Settings, AsyncClient> CLIENTS = new ConcurrentHashMap<>();
  private static final HashedWheelTimer TIMER =
      new HashedWheelTimer(new DefaultThreadFactory("fan-http-timer", true));

  /// Servers with long cookies and policies send 20 kB; more than this is none of an API.
  private static final int LONGEST_HEADERS = 1 << 16;

  /// A pool may hold several connections that the server has closed meanwhile.
  private static final int STALE_CONNECTIONS = 5;

  private static final Duration NEVER = Duration.ofMillis(-1);

  private final Settings settings;
  private final AsyncHttpClient client;
  private final Introductions introductions = new Introductions();

  private AsyncClient(Settings settings) {
    this.settings = settings;
    this.client = new DefaultAsyncHttpClient(config(settings));
  }

  static AsyncClient of(Settings settings) {
    AsyncClient there = CLIENTS.get(settings);
    return there != null ? there : CLIENTS.computeIfAbsent(settings, AsyncClient::new);
  }

  private static DefaultAsyncHttpClientConfig config(Settings settings) {
    DefaultAsyncHttpClientConfig.Builder config =
        Dsl.config()
            .setThreadFactory(new DefaultThreadFactory("fan-http", true))
            .setIoThreadsCount(Math.max(1, Runtime.getRuntime().availableProcessors() / 2))
            .setNettyTimer(TIMER)
            .setConnectTimeout(settings.timeouts().connect())
            .setHandshakeTimeout(Math.toIntExact(settings.timeouts().tls().toMillis()))
            .setReadTimeout(NEVER) // the exchange watches itself, by phase
            .setRequestTimeout(NEVER)
            .setMaxRequestRetry(0) // whether a repetition does harm, only the call knows
            .setFollowRedirect(false)
            .setCompressionEnforced(true)
            .setMaxDecompressedResponseSize(0) // counted by the exchange
            .setHttp2MaxDecompressedResponseSize(0)
            .setHttpClientCodecMaxHeaderSize(LONGEST_HEADERS)
            .setHttpClientCodecMaxInitialLineLength(LONGEST_HEADERS)
            .setHttp2MaxHeaderListSize(LONGEST_HEADERS)
            .setHttp2Enabled(settings.version() != Settings.Version.ONE)
            .setHttp2CleartextEnabled(settings.version() == Settings.Version.TWO)
            .setResponseBodyPartFactory(ResponseBodyPartFactory.LAZY)
            .setUserAgent("fanwise");
    if (settings.cookies() == Settings.Cookies.DROPPED) {
      config.setCookieStore(null);
    }
    Tls tls = settings.tls();
    if (tls.trust() == Tls.Trust.ANYBODY) {
      config.setUseInsecureTrustManager(true).setDisableHttpsEndpointIdentificationAlgorithm(true);
    }
    return config.setSslEngineFactory(new Engines(tls)).build();
  }

  @Override
  public Reply exchange(Call call, Keeping keeping, long deadline)
      throws Broken, InterruptedException {
    Request request = request(call);
    for (int i = 1; ; i++) {
      Runnable introduced = introduced(request, call, deadline);
      Exchange exchange = new Exchange(keeping, settings.timeouts(), TIMER, deadline, introduced);
      try {
        return send(request, exchange);
      } catch (ExecutionException | CancellationException | IOException e) {
        if (!exchange.sent()) {
          introductions.forget(call.uri());
        }
        if (!exchange.stale() || !call.repeatable() || i > STALE_CONNECTIONS) {
          throw Breakage.of(call, exchange, settings.timeouts(), e);
        }
      } finally {
        introduced.run();
      }
    }
  }

  private Runnable introduced(Request request, Call call, long deadline)
      throws InterruptedException {
    boolean plain = !request.getUri().isSecured() && settings.version() != Settings.Version.TWO;
    boolean together = plain || settings.version() == Settings.Version.ONE;
    return together ? () -> {} : introductions.await(call.uri(), deadline);
  }

  private Reply send(Request request, Exchange exchange)
      throws ExecutionException, InterruptedException, IOException {
    ListenableFuture<Reply> future = client.executeRequest(request, exchange);
    try {
      exchange.watch(future);
      Reply reply = future.get();
      return new Reply(
          reply.status(), reply.headers(), reply.body(), reply.size(), exchange.saved());
    } catch (InterruptedException e) {
      exchange.end();
      throw e;
    } finally {
      exchange.close();
    }
  }

  private Request request(Call call) {
    RequestBuilder request = new RequestBuilder(call.method(), true).setUrl(call.url());
    for (Call.Header header : call.headers()) {
      request.addHeader(header.name(), header.value());
    }
    Call.Body body = call.body();
    if (body != null) {
      request.setBody(body.bytes());
    }
    if (settings.proxy().kind() != Proxy.Kind.NONE) {
      proxy(call.uri()).ifPresent(request::setProxyServer);
    }
    return request.build();
  }

  private Optional<ProxyServer> proxy(URI url) {
    return settings.proxy().forUrl(url, System.getenv()).map(AsyncClient::proxyAt);
  }

  private static ProxyServer proxyAt(URI uri) {
    ProxyServer.Builder proxy =
        new ProxyServer.Builder(uri.getHost(), uri.getPort() < 0 ? 80 : uri.getPort());
    String user = uri.getUserInfo();
    if (user != null) {
      String[] parts = user.split(":", 2);
      proxy.setRealm(
          new Realm.Builder(parts[0], parts.length < 2 ? "" : parts[1])
              .setScheme(Realm.AuthScheme.BASIC)
              .setUsePreemptiveAuth(true));
    }
    return proxy.build();
  }

  /// TLS as the settings want it.
  private static final class Engines extends DefaultSslEngineFactory {
    private final Tls tls;

    Engines(Tls tls) {
      this.tls = tls;
    }

    @Override
    protected SslContextBuilder configureSslContextBuilder(SslContextBuilder builder) {
      tls.authorities().ifPresent(pem -> builder.trustManager(pem.toFile()));
      Optional<File> chain = tls.chain().map(java.nio.file.Path::toFile);
      Optional<File> key = tls.key().map(java.nio.file.Path::toFile);
      if (chain.isPresent() && key.isPresent()) {
        builder.keyManager(chain.get(), key.get());
      }
      return builder;
    }
  }
}

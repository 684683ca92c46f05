package io.fanwise.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.fanwise.Fan;
import io.fanwise.Range;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// TLS, HTTP/2, and proxies that must not look into either.
@Timeout(60)
class SecureTest {
  @TempDir static Path folder;
  private static Certificates here;
  private static Certificates elsewhere;

  @BeforeAll
  static void makeCertificates() throws Exception {
    here = Certificates.make(folder, "IP:127.0.0.1");
    elsewhere = Certificates.make(folder, "DNS:elsewhere.example.org");
  }

  private static TestServer https(Certificates own) throws Exception {
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(Certificates.load(own.store()), Certificates.PASSWORD);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(keys.getKeyManagers(), null, null);
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    return TestServer.on(server)
        .at("/", exchange -> TestServer.json(exchange, 200, "{}"))
        .at(
            "/down",
            exchange -> {
              exchange.getResponseHeaders().set("Location", "http://127.0.0.1/");
              exchange.sendResponseHeaders(302, -1);
            });
  }

  private static Http get(TestServer server, String path) {
    return Http.get("https://127.0.0.1:" + server.port() + path);
  }

  private static Tls trusting(Certificates whom) {
    return Tls.standard().trusting(whom.certificate());
  }

  @Test
  void onlyThoseWeTrustAreCalled() throws Exception {
    try (TestServer server = https(here)) {
      Http http = get(server, "/");

      assertThat(http.tls(trusting(here)).run(1).status()).isEqualTo(200);
      assertThat(http.tls(Tls.standard().insecure()).run(1).status()).isEqualTo(200);
      assertThatThrownBy(() -> http.run(1))
          .isInstanceOfSatisfying(HttpFailed.class, e -> assertThat(e.retryable()).isFalse())
          .hasMessageContaining("failed: no TLS connection (127.0.0.1:%d): ", server.port());
    }
  }

  @Test
  void aCertificateForAnotherNameIsNotEnough() throws Exception {
    try (TestServer server = https(elsewhere)) {
      assertThatThrownBy(() -> get(server, "/").tls(trusting(elsewhere)).run(1))
          .isInstanceOfSatisfying(HttpFailed.class, e -> assertThat(e.retryable()).isFalse())
          .hasMessageContaining("no TLS connection")
          .hasMessageContaining("127.0.0.1");
    }
  }

  @Test
  void whatWasSecretStaysSo() throws Exception {
    try (TestServer server = https(here)) {
      assertThatThrownBy(() -> get(server, "/down").tls(trusting(here)).run(1))
          .hasMessageContaining(
              "the redirect to http://127.0.0.1/ is not followed: it leads from https to http");
    }
  }

  @Test
  void aServerThatNeverShakesHandsIsGivenUp() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      Http http = Http.get("https://127.0.0.1:" + silent.getLocalPort() + "/");

      assertThatThrownBy(
              () -> http.timeouts(Timeouts.standard().tls(Duration.ofMillis(300))).run(1))
          .isInstanceOfSatisfying(HttpFailed.class, e -> assertThat(e.retryable()).isTrue())
          .hasMessageContaining("no TLS connection within 0.3s");
    }
  }

  @Test
  void http2IsSpokenWhereItIsOffered() throws Exception {
    try (Http2Server server = Http2Server.secure(here)) {
      Http http = Http.get(server.url("/{}")).tls(trusting(here));

      List<String> paths =
          Fan.virtualThreads(20)
              .map(Range.of(0, 200), http.map(answer -> answer.select("/path").stringValue()));

      assertThat(paths).hasSize(200).startsWith("/0", "/1").endsWith("/199");
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void http2IsSpokenWithoutTlsIfSaid() throws Exception {
    try (Http2Server server = Http2Server.plain()) {
      Answer answer = Http.post(server.url("/{}")).body("text").http2().run(7);

      assertThat(answer.select("/path").stringValue()).isEqualTo("/7");
    }
  }

  @Test
  void aCallThatGivesUpWaitingForItsTurnLeavesOthersAlone() throws Exception {
    try (Http2Server server = Http2Server.oneByOne()) {
      Http http = Http.get(server.url("/{}")).http2();
      http.run("first"); // so that the server's limit is known
      FutureTask<Answer> slow = new FutureTask<>(() -> http.run("slow"));
      Thread.ofVirtual().start(slow);
      await().until(() -> server.requests() == 2);
      FutureTask<Throwable> waiting =
          new FutureTask<>(() -> catchThrowable(() -> http.run("waiting")));
      Thread waiter = Thread.ofVirtual().start(waiting);
      await().until(() -> waiter.getState() == Thread.State.WAITING);

      waiter.interrupt();

      assertThat(waiting.get()).isInstanceOf(InterruptedException.class);
      assertThat(slow.get().select("/path").stringValue()).isEqualTo("/slow");
      assertThat(http.run("last").status()).isEqualTo(200);
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void aServerMayAskWhoIsCalling() throws Exception {
    try (Http2Server server = Http2Server.secureFor(here, elsewhere.certificate())) {
      Http http = Http.get(server.url("/{}"));
      Tls known = trusting(here).certificate(elsewhere.certificate(), elsewhere.key());

      assertThat(http.tls(known).run(7).status()).isEqualTo(200);
      assertThatThrownBy(() -> http.tls(trusting(here)).run(7)).isInstanceOf(HttpFailed.class);
    }
  }

  @Test
  void aProxyOnlyPassesOnWhatIsEncrypted() throws Exception {
    List<String> connects = new CopyOnWriteArrayList<>();
    try (TestServer server = https(here);
        ServerSocket proxy = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> tunnel(proxy, connects));
      Http http = get(server, "/").tls(trusting(here));

      Answer answer = http.proxy(URI.create("http://127.0.0.1:" + proxy.getLocalPort())).run(1);

      assertThat(answer.status()).isEqualTo(200);
      assertThat(connects).containsExactly("CONNECT 127.0.0.1:" + server.port() + " HTTP/1.1");
    }
  }

  /// A proxy for one connection.
  private static void tunnel(ServerSocket proxy, List<String> connects) {
    try (Socket client = proxy.accept()) {
      String head = head(client);
      connects.add(head.lines().findFirst().orElse(""));
      int port = Integer.parseInt(head.replaceFirst("(?s).*?:(\\d+) .*", "$1"));
      try (Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
        client
            .getOutputStream()
            .write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        Thread back = Thread.ofVirtual().start(() -> copy(server, client));
        copy(client, server);
        back.join();
      }
    } catch (IOException | InterruptedException e) {
      connects.add(e.toString());
    }
  }

  private static String head(Socket client) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) client.getInputStream().read());
    }
    return head.toString();
  }

  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException closed) {
      return;
    }
  }
}

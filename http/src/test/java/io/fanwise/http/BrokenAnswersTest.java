package io.fanwise.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What is said of servers that do not do what servers should.
@Timeout(60)
class BrokenAnswersTest {
  private static final Timeouts SHORT =
      Timeouts.standard().firstByte(Duration.ofMillis(400)).between(Duration.ofMillis(400));

  private static HttpFailed failure(Http http) {
    return catchThrowableOfType(HttpFailed.class, () -> http.run("item"));
  }

  private static Http get(RawServer server) {
    return Http.get(server.url("/")).timeouts(SHORT);
  }

  @Test
  void nobodyListens() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }

    HttpFailed failed = failure(Http.post("http://127.0.0.1:" + port + "/").body("x"));

    assertThat(failed)
        .hasMessage(
            "POST http://127.0.0.1:%d/ failed: connection refused (127.0.0.1:%d)"
                .formatted(port, port));
    assertThat(failed.retryable()).isTrue();
  }

  @Test
  void nobodyKnowsTheName() {
    HttpFailed failed = failure(Http.get("http://api.example.invalid/"));

    assertThat(failed)
        .hasMessage(
            "GET http://api.example.invalid/ failed: no address is known for api.example.invalid");
    assertThat(failed.retryable()).isTrue();
  }

  @Test
  void theAnswerIsNotHttp() throws IOException {
    try (RawServer server = RawServer.saying("SSH-2.0-OpenSSH_9.2\r\n\r\n")) {
      HttpFailed failed = failure(get(server));

      assertThat(failed)
          .hasMessageStartingWith("GET " + server.url("/") + " failed: the answer is not HTTP");
    }
  }

  @Test
  void theAnswerNeverComes() throws IOException {
    try (RawServer server = RawServer.start((_, _) -> {})) {
      assertThat(failure(get(server)))
          .hasMessageEndingWith("failed: no answer within 0.4s (timeout firstByte)")
          .returns(true, HttpFailed::retryable);
      assertThat(failure(Http.post(server.url("/")).body("x").timeouts(SHORT)))
          .returns(false, HttpFailed::retryable);
    }
  }

  @Test
  void theAnswerStopsInTheMiddle() throws IOException {
    try (RawServer server =
        RawServer.saying("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")) {
      assertThat(failure(get(server)))
          .hasMessageEndingWith("failed: the answer stopped for 0.4s (timeout between)");
    }
  }

  @Test
  void theAnswerDripsForEver() throws IOException {
    try (RawServer server =
        RawServer.start((_, connection) -> {
          RawServer.say(connection, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
          while (true) {
            RawServer.say(connection, "1\r\nx\r\n");
            Thread.sleep(50);
          }
        })) {
      assertThat(failure(get(server).timeout(Duration.ofSeconds(1))))
          .hasMessageEndingWith("failed: no whole answer within 1s (timeout whole)");
    }
  }

  @Test
  void theConnectionEndsInTheMiddle() throws IOException {
    try (RawServer half =
            RawServer.start((_, connection) -> {
              RawServer.say(connection, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
              connection.close();
            });
        RawServer reset =
            RawServer.start((_, connection) -> {
              connection.setSoLinger(true, 0);
              connection.close();
            })) {
      assertThat(failure(get(half)))
          .hasMessageContaining("failed: the connection ended in the middle of the answer")
          .returns(true, HttpFailed::retryable);
      assertThat(failure(get(reset)))
          .hasMessageContaining("failed: the connection ended before the answer")
          .returns(true, HttpFailed::retryable);
    }
  }

  @Test
  void headersAreLargerThanAnybodyNeeds() throws IOException {
    try (RawServer server =
        RawServer.saying("HTTP/1.1 200 OK\r\nX-Large: " + "x".repeat(100_000) + "\r\n\r\n")) {
      assertThat(failure(get(server)))
          .hasMessageEndingWith("failed: the answer has more than 64 kB of headers")
          .returns(false, HttpFailed::retryable);
    }
  }

  @Test
  void aConnectionThatTheServerHasClosedMeanwhileIsNoFailure() throws Exception {
    try (RawServer server =
        RawServer.start((request, connection) -> {
          if (request == 2) {
            connection.close(); // as if it had been idle for too long
          } else {
            RawServer.say(connection, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
          }
        })) {
      Http http = get(server);

      http.run("first");
      Answer second = http.run("second");

      assertThat(second.status()).isEqualTo(200);
      assertThat(server.connections()).isEqualTo(2);
      assertThat(server.requests()).isEqualTo(3);
    }
  }

  @Test
  void connectionsAreUsedAgain() throws Exception {
    try (RawServer server = RawServer.saying("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")) {
      Http http = get(server);

      for (int i = 0; i < 20; i++) {
        http.run(i);
      }

      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void anInterruptEndsTheCall() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    try (RawServer server =
        RawServer.start((_, connection) -> {
          asked.countDown();
          endOf(connection);
          closed.countDown();
        })) {
      FutureTask<Throwable> call =
          new FutureTask<>(() -> {
            try {
              return new AssertionError(Http.get(server.url("/")).run("item"));
            } catch (InterruptedException e) {
              return e;
            }
          });
      Thread caller = Thread.ofVirtual().start(call);
      asked.await();

      caller.interrupt();

      assertThat(call.get()).isInstanceOf(InterruptedException.class);
      closed.await();
    }
  }

  private static void endOf(Socket connection) throws IOException {
    while (connection.getInputStream().read() >= 0) {
      // until the other side closes
    }
  }
}

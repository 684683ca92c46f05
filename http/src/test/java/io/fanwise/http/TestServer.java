package io.fanwise.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A web service on this machine that does what a test says, and remembers what it was asked.
final class TestServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();

  /// One request as it came.
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Asked(String method, String target, Headers headers, byte[] body) {
    String text() {
      return new String(body, UTF_8);
    }
  }

  private TestServer(HttpServer server) {
    this.server = server;
    server.setExecutor(threads);
    server.start();
  }

  static TestServer start() {
    return on(make());
  }

  static TestServer on(HttpServer server) {
    return new TestServer(server);
  }

  private static HttpServer make() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  TestServer at(String path, HttpHandler handler) {
    server.createContext(
        path,
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          Headers headers = new Headers();
          headers.putAll(exchange.getRequestHeaders());
          asked.add(
              new Asked(
                  exchange.getRequestMethod(), exchange.getRequestURI().toString(), headers, body));
          try (exchange) {
            handler.handle(exchange);
          }
        });
    return this;
  }

  static void answer(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  static void json(HttpExchange exchange, int status, String body) throws IOException {
    answer(exchange, status, "application/json", body.getBytes(UTF_8));
  }

  int port() {
    return server.getAddress().getPort();
  }

  String url(String path) {
    return "http://127.0.0.1:" + port() + path;
  }

  List<Asked> asked() {
    return asked;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}

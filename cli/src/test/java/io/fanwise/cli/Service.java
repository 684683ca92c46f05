package io.fanwise.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A web service on this machine that answers as a test says, and remembers what it was asked.
final class Service implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();

  /// What it is asked.
  record Asked(String method, String target, Headers headers, String body) {
    /// What stands after the last slash.
    String last() {
      return target.substring(target.lastIndexOf('/') + 1);
    }

    String header(String name) {
      return String.valueOf(headers.getFirst(name));
    }
  }

  /// What it answers.
  ///
  /// @param headers name, value, name, value …
  record Answered(int status, String type, String body, List<String> headers) {
    static Answered json(String body) {
      return new Answered(200, "application/json", body, List.of());
    }

    static Answered status(int status, String body, String... headers) {
      return new Answered(status, "text/plain", body, List.of(headers));
    }
  }

  /// How it answers.
  interface Answering {
    Answered to(Asked asked) throws Exception;
  }

  private Service(HttpServer server) {
    this.server = server;
  }

  static Service that(Answering answering) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    Service service = new Service(server);
    server.createContext("/", exchange -> service.answer(exchange, answering));
    server.setExecutor(service.threads);
    server.start();
    return service;
  }

  private void answer(HttpExchange exchange, Answering answering) throws IOException {
    try (exchange) {
      Headers headers = new Headers();
      headers.putAll(exchange.getRequestHeaders());
      Asked question =
          new Asked(
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              headers,
              new String(exchange.getRequestBody().readAllBytes(), UTF_8));
      asked.add(question);
      Answered answered = answering.to(question);
      List<String> more = answered.headers();
      for (int i = 0; i < more.size(); i += 2) {
        exchange.getResponseHeaders().add(more.get(i), more.get(i + 1));
      }
      exchange.getResponseHeaders().set("Content-Type", answered.type());
      byte[] body = answered.body().getBytes(UTF_8);
      exchange.sendResponseHeaders(answered.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
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

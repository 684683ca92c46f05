package io.fanwise.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// A server that says whatever a test wants, HTTP or not, to each request it reads.
final class RawServer implements AutoCloseable {
  private final ServerSocket socket;
  private final Script script;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger connections = new AtomicInteger();

  /// What it does with a request.
  interface Script {
    void answer(int request, Socket connection) throws Exception;
  }

  private RawServer(Script script) throws IOException {
    this.socket = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    this.script = script;
    Thread.ofVirtual().start(this::accept);
  }

  static RawServer start(Script script) throws IOException {
    return new RawServer(script);
  }

  /// Always the same.
  static RawServer saying(String answer) throws IOException {
    return start((_, connection) -> say(connection, answer));
  }

  static void say(Socket connection, String text) throws IOException {
    OutputStream out = connection.getOutputStream();
    out.write(text.getBytes(ISO_8859_1));
    out.flush();
  }

  private void accept() {
    try {
      while (true) {
        Socket connection = socket.accept();
        connections.incrementAndGet();
        threads.execute(() -> serve(connection));
      }
    } catch (IOException closed) {
      return;
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      while (head(connection)) {
        script.answer(requests.incrementAndGet(), connection);
      }
    } catch (Exception closed) {
      return;
    }
  }

  private static boolean head(Socket connection) throws IOException {
    int last = 0;
    for (int next = connection.getInputStream().read();
        next >= 0;
        next = connection.getInputStream().read()) {
      last = last << 8 | next;
      if (last == 0x0D0A0D0A) {
        return true;
      }
    }
    return false;
  }

  int requests() {
    return requests.get();
  }

  int connections() {
    return connections.get();
  }

  int port() {
    return socket.getLocalPort();
  }

  String url(String path) {
    return "http://127.0.0.1:" + port() + path;
  }

  @Override
  public void close() throws IOException {
    socket.close();
    threads.shutdownNow();
    threads.close();
  }
}

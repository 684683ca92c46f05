package io.fanwise.bench.processes;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// JVMs that answer what is sent to them through a socket with the sum of it, and know nothing
/// else: what the transport costs, with nobody's library on it.
///
/// A message is the number of bytes that follow, then so many doubles; an answer is one double.
final class Echoes implements AutoCloseable {
  private static final int BUFFER = 256 << 10;

  private final Path directory;
  private final List<Process> processes = new ArrayList<>();
  private final List<Echo> echoes = new ArrayList<>();

  private Echoes(Path directory) {
    this.directory = directory;
  }

  static Echoes start(int count) throws IOException {
    Echoes all = new Echoes(Files.createTempDirectory("fanwise-echo"));
    Path socket = all.directory.resolve("s");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      for (int i = 0; i < count; i++) {
        all.processes.add(process(socket));
      }
      for (int i = 0; i < count; i++) {
        Echo echo = new Echo(server.accept());
        echo.sum(new double[0], 0, 0);
        all.echoes.add(echo);
      }
    } finally {
      Files.deleteIfExists(socket);
    }
    return all;
  }

  private static Process process(Path socket) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-cp",
            System.getProperty("java.class.path"),
            Echoes.class.getName(),
            socket.toString())
        .inheritIO()
        .start();
  }

  List<Echo> all() {
    return List.copyOf(echoes);
  }

  @Override
  public void close() throws IOException {
    for (Echo echo : echoes) {
      echo.channel.close();
    }
    processes.forEach(process -> process.onExit().join());
    Files.delete(directory);
  }

  /// The line to one of them. Confined to one thread.
  static final class Echo {
    private final SocketChannel channel;
    private final ByteBuffer out = buffer();
    private final ByteBuffer in = buffer();

    private Echo(SocketChannel channel) {
      this.channel = channel;
    }

    double sum(double[] values, int from, int to) throws IOException {
      out.clear().putLong((long) (to - from) * Double.BYTES);
      for (int at = from; at < to; ) {
        int count = Math.min(to - at, out.remaining() / Double.BYTES);
        out.asDoubleBuffer().put(values, at, count);
        out.position(out.position() + count * Double.BYTES);
        at += count;
        send();
      }
      send();
      in.clear().limit(Double.BYTES);
      read(channel, in, Double.BYTES);
      return in.flip().getDouble();
    }

    private void send() throws IOException {
      out.flip();
      while (out.hasRemaining()) {
        channel.write(out);
      }
      out.clear();
    }
  }

  /// Answers, until nobody asks any more.
  ///
  /// @param args the socket
  /// @throws IOException if it breaks in the middle of a message
  public static void main(String... args) throws IOException {
    ByteBuffer in = buffer();
    ByteBuffer out = buffer();
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(args[0]))) {
      while (read(channel, in.clear().limit(Long.BYTES), Long.BYTES)) {
        double sum = 0;
        for (long left = in.flip().getLong(); left > 0; ) {
          read(channel, in.clear().limit((int) Math.min(left, BUFFER)), Double.BYTES);
          left -= in.position();
          in.flip();
          while (in.hasRemaining()) {
            sum += in.getDouble();
          }
        }
        out.clear().putDouble(sum).flip();
        channel.write(out);
      }
    }
  }

  private static ByteBuffer buffer() {
    return ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.nativeOrder());
  }

  /// Reads what is there, but whole units.
  ///
  /// @return false if there is nothing, nor will be
  private static boolean read(SocketChannel from, ByteBuffer into, int unit) throws IOException {
    do {
      if (from.read(into) < 0) {
        if (into.position() > 0) {
          throw new IOException("the line broke in the middle of a message");
        }
        return false;
      }
    } while (into.position() % unit != 0);
    return true;
  }
}

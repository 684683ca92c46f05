package io.fanwise.shared;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.MemorySegment;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// How long it takes until all of some JVMs have an array: through their sockets, or through shared memory. What
/// it printed is in adr/0012.
///
///     java -cp <test class path> -Dreaders=2 io.fanwise.shared.ThresholdMeasurement
final class ThresholdMeasurement {
  private static final int READERS = Integer.getInteger("readers", 2);
  private static final int BUFFER = 128 << 10; // as the socket's
  private static final int[] SIZES = {64 << 10, 256 << 10, 1 << 20, 4 << 20, 16 << 20, 64 << 20};

  private final List<SocketChannel> readers = new ArrayList<>();
  private final ByteBuffer[] buffers = new ByteBuffer[READERS];
  private final ExecutorService lanes = Executors.newFixedThreadPool(READERS);

  private ThresholdMeasurement() {}

  /// Measures, or, with the path of a socket, reads.
  public static void main(String[] arguments) throws Exception {
    if (arguments.length > 0) {
      read(Path.of(arguments[0]));
    } else {
      new ThresholdMeasurement().measure();
    }
  }

  private void measure() throws Exception {
    Path directory = Files.createTempDirectory("fanwise-measurement");
    Path path = directory.resolve("s");
    try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(path));
      for (int i = 0; i < READERS; i++) {
        start(path);
        readers.add(server.accept());
        buffers[i] = ByteBuffer.allocateDirect(BUFFER);
      }
      report();
    } finally {
      for (SocketChannel reader : readers) {
        reader.close();
      }
      lanes.shutdown();
      Files.deleteIfExists(path);
      Files.delete(directory);
    }
  }

  private static void start(Path path) throws IOException {
    new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-Xmx1g",
            "-cp",
            System.getProperty("java.class.path"),
            ThresholdMeasurement.class.getName(),
            path.toString())
        .inheritIO()
        .start();
  }

  private void report() throws Exception {
    var out = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
    out.println("KB, microseconds min/median: sockets, shared, shared again");
    for (int size : SIZES) {
      int rounds = Math.clamp((256 << 20) / size, 16, 300);
      var sockets = new long[rounds];
      var shared = new long[rounds];
      var again = new long[rounds];
      var values = new double[size / 8];
      for (int round = -rounds / 2; round < rounds; round++) {
        Arrays.fill(values, round);
        long t0 = System.nanoTime();
        toAll(buffer -> {}, values);
        long t1 = System.nanoTime();
        long t2;
        long t3;
        Storage.Stored stored =
            Storage.standard().store(Access.READ, Content.of(Element.DOUBLE, values));
        toAll(buffer -> put(buffer, stored.location()), null);
        t2 = System.nanoTime();
        toAll(buffer -> put(buffer, stored.location()), null);
        t3 = System.nanoTime();
        stored.close();
        long closing = System.nanoTime() - t3;
        if (round >= 0) {
          sockets[round] = t1 - t0;
          shared[round] = t2 - t1 + closing;
          again[round] = t3 - t2;
        }
      }
      out.printf("%6d  %s  %s  %s%n", size >> 10, text(sockets), text(shared), text(again));
    }
  }

  private static String text(long[] nanos) {
    Arrays.sort(nanos);
    return "%6d/%6d".formatted(nanos[0] / 1000, nanos[nanos.length / 2] / 1000);
  }

  private interface Header {
    void put(ByteBuffer buffer);
  }

  private void toAll(Header header, double[] values) throws Exception {
    var sent = new ArrayList<Future<?>>();
    for (int i = 0; i < READERS; i++) {
      int lane = i;
      sent.add(
          lanes.submit(() -> {
            send(lane, header, values);
            return null;
          }));
    }
    for (Future<?> one : sent) {
      one.get();
    }
  }

  private void send(int lane, Header header, double[] values) throws IOException {
    ByteBuffer buffer = buffers[lane].clear();
    buffer.putInt(values == null ? -1 : values.length);
    header.put(buffer);
    write(readers.get(lane), buffer.flip());
    if (values != null) {
      MemorySegment source = MemorySegment.ofArray(values);
      for (long done = 0; done < source.byteSize(); done += BUFFER) {
        int count = (int) Math.min(BUFFER, source.byteSize() - done);
        MemorySegment.ofBuffer(buffer.clear()).copyFrom(source.asSlice(done, count));
        write(readers.get(lane), buffer.limit(count));
      }
    }
    readFully(readers.get(lane), buffer.clear().limit(1));
  }

  private static void put(ByteBuffer buffer, Location location) {
    put(buffer, location.id());
    put(buffer, location.path());
    buffer.putLong(location.bytes());
  }

  private static void put(ByteBuffer buffer, String text) {
    byte[] bytes = Arrays.copyOf(text.getBytes(StandardCharsets.UTF_8), 100);
    buffer.putInt(text.length()).put(bytes);
  }

  private static String string(ByteBuffer buffer) {
    int length = buffer.getInt();
    var bytes = new byte[100];
    buffer.get(bytes);
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  private static void read(Path path) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      while (readFully(channel, buffer.clear().limit(4))) {
        int size = buffer.flip().getInt();
        double[] values = size < 0 ? restored(channel, buffer) : received(channel, buffer, size);
        write(channel, buffer.clear().put((byte) values[values.length - 1]).flip());
      }
    }
  }

  private static double[] restored(SocketChannel channel, ByteBuffer buffer) throws IOException {
    readFully(channel, buffer.clear().limit(2 * 104 + 8));
    buffer.flip();
    var location = new Location(string(buffer), string(buffer), buffer.getLong(), Access.READ);
    return (double[]) Element.DOUBLE.read(location);
  }

  private static double[] received(SocketChannel channel, ByteBuffer buffer, int size)
      throws IOException {
    var values = new double[size];
    MemorySegment target = MemorySegment.ofArray(values);
    for (long done = 0; done < target.byteSize(); done += BUFFER) {
      int count = (int) Math.min(BUFFER, target.byteSize() - done);
      readFully(channel, buffer.clear().limit(count));
      target.asSlice(done, count).copyFrom(MemorySegment.ofBuffer(buffer.flip()));
    }
    return values;
  }

  private static void write(SocketChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  private static boolean readFully(SocketChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        return false;
      }
    }
    return true;
  }
}

package io.fanwise.examples;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/// A web service that is slow, flaky and limited, to try things on: `java SlowServer.java --delay
/// 100 --jitter 50 --fail 0.01 --rate 2500 --port 8099`.
///
/// `GET /items/17`, and any other path, is answered with some 200 bytes of JSON about the number at
/// its end; `GET /stats` with how often it did what. One thread serves ten thousand connections:
/// all state is confined to it, apart from the counters.
public final class SlowServer implements AutoCloseable {

  /// How it behaves. Immutable.
  ///
  /// @param delay how long an answer takes at least
  /// @param jitter how much longer it takes at most, at random
  /// @param fail the share of requests that are answered with 503
  /// @param drop the share of requests whose connection is closed instead of an answer
  /// @param rate how many requests are accepted each second; more get 429; 0 for any number
  /// @param limit how many requests it can work at; with more, each takes longer; 0 for any number
  public record Manners(
      Duration delay, Duration jitter, double fail, double drop, long rate, long limit) {

    public static Manners delayed(Duration delay) {
      return new Manners(delay, Duration.ZERO, 0, 0, 0, 0);
    }

    static Manners of(Map<String, String> options) {
      return new Manners(
          Duration.ofMillis(Long.parseLong(options.getOrDefault("delay", "100"))),
          Duration.ofMillis(Long.parseLong(options.getOrDefault("jitter", "0"))),
          Double.parseDouble(options.getOrDefault("fail", "0")),
          Double.parseDouble(options.getOrDefault("drop", "0")),
          Long.parseLong(options.getOrDefault("rate", "0")),
          Long.parseLong(options.getOrDefault("limit", "0")));
    }
  }

  private static final Set<String> OPTIONS =
      Set.of("port", "delay", "jitter", "fail", "drop", "rate", "limit", "seed");

  /// Requests are counted against the rate for so long, so that a burst is refused too.
  private static final long RATE_WINDOW_NANOS = 100_000_000;

  private static final String REST_OF_ITEM =
      """
      ,"status":"ok","name":"item of the slow service","score":0.731,"tags":["a","b","c"],"text":"%s"}\
      """
          .formatted("slow and steady ".repeat(6));

  private final Manners manners;
  private final Random random;
  private final Selector selector;
  private final ServerSocketChannel server;
  private final Thread thread = Thread.ofPlatform().name("slow-server").unstarted(this::serve);
  private final Queue<Due> due = new PriorityQueue<>(Comparator.comparingLong(Due::at));

  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong most = new AtomicLong();
  private long windowEnd = System.nanoTime();
  private long inWindow;

  /// An answer that is to be sent later.
  private record Due(long at, Connection connection, Fate fate, long number) {}

  /// What becomes of a request.
  private enum Fate {
    ANSWERED,
    FAILED,
    DROPPED,
    REFUSED,
    COUNTED
  }

  private SlowServer(int port, Manners manners, long seed) throws IOException {
    this.manners = manners;
    this.random = new Random(seed);
    this.selector = Selector.open();
    this.server = ServerSocketChannel.open();
    server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 4096);
    server.configureBlocking(false);
    server.register(selector, SelectionKey.OP_ACCEPT);
  }

  /// Starts one, on this machine only.
  ///
  /// @param port where; 0 for any free port
  /// @param manners how it behaves
  /// @param seed what makes its failures the same each time
  /// @return the server, until it is closed
  /// @throws IOException if the port is taken
  public static SlowServer start(int port, Manners manners, long seed) throws IOException {
    SlowServer slow = new SlowServer(port, manners, seed);
    slow.thread.start();
    return slow;
  }

  public static void main(String[] arguments) throws Exception {
    Map<String, String> options = options(arguments);
    SlowServer slow =
        start(
            Integer.parseInt(options.getOrDefault("port", "8099")),
            Manners.of(options),
            Long.parseLong(options.getOrDefault("seed", "1")));
    System.out.println("http://127.0.0.1:" + slow.port() + "/items/17  " + slow.manners);
    slow.thread.join();
  }

  private static Map<String, String> options(String[] arguments) {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i < arguments.length; i += 2) {
      String name = arguments[i].replaceFirst("^--", "");
      if (!OPTIONS.contains(name) || i + 1 == arguments.length) {
        System.err.printf(
            "SlowServer: no option %s: there are %s, each with a value%n", arguments[i], OPTIONS);
        System.exit(2);
      }
      options.put(name, arguments[i + 1]);
    }
    return options;
  }

  /// {@return where it listens}
  public int port() {
    return server.socket().getLocalPort();
  }

  /// {@return how many requests came}
  public long requests() {
    return requests.get();
  }

  /// {@return how many requests were answered with 429}
  public long refused() {
    return refused.get();
  }

  /// Ends it, and closes its connections.
  @Override
  public void close() throws IOException {
    server.close();
    selector.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve() {
    try (selector) {
      while (server.isOpen()) {
        selector.select(this::ready, untilNext());
        sendWhatIsDue();
      }
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
    } catch (IOException e) {
      System.err.println("SlowServer: " + e);
    }
  }

  /// Milliseconds to wait; 0 waits for requests only.
  private long untilNext() {
    Due next = due.peek();
    return next == null ? 0 : Math.max(1, (next.at() - System.nanoTime() + 999_999) / 1_000_000);
  }

  private void sendWhatIsDue() {
    long now = System.nanoTime();
    for (Due next = due.peek(); next != null && next.at() - now <= 0; next = due.peek()) {
      due.remove();
      send(next.connection(), next.fate(), next.number());
    }
  }

  private void ready(SelectionKey key) {
    if (key.attachment() instanceof Connection connection) {
      try {
        if (key.isValid() && key.isWritable()) {
          connection.flush();
        }
        if (key.isValid() && key.isReadable()) {
          connection.read();
          take(connection);
        }
      } catch (IOException e) {
        connection.close();
      }
    } else {
      accept();
    }
  }

  private void accept() {
    try {
      for (SocketChannel channel = server.accept(); channel != null; channel = server.accept()) {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
        key.attach(new Connection(channel, key));
      }
    } catch (IOException e) {
      System.err.println("SlowServer: cannot accept: " + e); // too many open files: the next may do
    }
  }

  private void take(Connection connection) throws IOException {
    String path = connection.next();
    if (path == null) {
      return;
    }
    if (path.equals("/stats")) {
      send(connection, Fate.COUNTED, 0);
      return;
    }
    requests.incrementAndGet();
    Fate fate = fate();
    long number = numberIn(path);
    long nanos = fate == Fate.REFUSED ? 0 : nanos();
    if (nanos == 0) {
      send(connection, fate, number);
    } else {
      due.add(new Due(System.nanoTime() + nanos, connection, fate, number));
      most.accumulateAndGet(due.size(), Math::max);
    }
  }

  private Fate fate() {
    if (manners.rate() > 0 && aboveRate()) {
      return Fate.REFUSED;
    }
    double chance = random.nextDouble();
    if (chance < manners.drop()) {
      return Fate.DROPPED;
    }
    return chance < manners.drop() + manners.fail() ? Fate.FAILED : Fate.ANSWERED;
  }

  private boolean aboveRate() {
    long now = System.nanoTime();
    if (now - windowEnd >= 0) {
      windowEnd = now + RATE_WINDOW_NANOS;
      inWindow = 0;
    }
    return ++inWindow > Math.max(1, manners.rate() * RATE_WINDOW_NANOS / 1_000_000_000);
  }

  private long nanos() {
    double nanos = manners.delay().toNanos() + random.nextDouble() * manners.jitter().toNanos();
    boolean full = manners.limit() > 0 && due.size() >= manners.limit();
    return (long) (full ? nanos * (due.size() + 1) / manners.limit() : nanos);
  }

  private static long numberIn(String path) {
    int query = path.indexOf('?');
    long number = 0;
    long place = 1;
    for (int i = (query < 0 ? path.length() : query) - 1; i >= 0 && place < 1e18; i--) {
      int digit = path.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        break;
      }
      number += digit * place;
      place *= 10;
    }
    return number;
  }

  private void send(Connection connection, Fate fate, long number) {
    try {
      switch (fate) {
        case ANSWERED -> {
          answered.incrementAndGet();
          connection.write("200 OK", "", item(number));
        }
        case FAILED -> {
          failed.incrementAndGet();
          connection.write("503 Service Unavailable", "", "{\"error\":\"unavailable\"}");
        }
        case REFUSED -> {
          refused.incrementAndGet();
          connection.write(
              "429 Too Many Requests", "Retry-After: 1\r\n", "{\"error\":\"too many\"}");
        }
        case COUNTED -> connection.write("200 OK", "", stats());
        case DROPPED -> {
          dropped.incrementAndGet();
          connection.close();
        }
      }
      take(connection);
    } catch (IOException e) {
      connection.close();
    }
  }

  private static String item(long number) {
    return "{\"id\":" + number + REST_OF_ITEM;
  }

  private String stats() {
    return """
    {"requests":%d,"answered":%d,"failed":%d,"dropped":%d,"refused":%d,"at once":%d}\
    """
        .formatted(
            requests.get(), answered.get(), failed.get(), dropped.get(), refused.get(), most.get());
  }

  /// A client's connection: requests are answered one after the other.
  private static final class Connection {
    private final SocketChannel channel;
    private final SelectionKey key;
    private final ByteBuffer in = ByteBuffer.allocate(4096);
    private ByteBuffer out = ByteBuffer.allocate(0);
    private boolean busy;
    private long bodyLeft;

    Connection(SocketChannel channel, SelectionKey key) {
      this.channel = channel;
      this.key = key;
    }

    void read() throws IOException {
      if (!in.hasRemaining()) {
        key.interestOps(0); // it goes on when what is here was answered
      } else if (channel.read(in) < 0) {
        close();
      }
    }

    /// The path of the next request; null if there is none yet, or one is being worked at.
    private String next() throws IOException {
      skipBody();
      if (busy || bodyLeft > 0) {
        return null;
      }
      int end = endOfHead();
      if (end < 0) {
        if (!in.hasRemaining()) {
          throw new IOException("a head of more than " + in.capacity() + " bytes");
        }
        return null;
      }
      String head = new String(in.array(), 0, end, US_ASCII);
      consume(end);
      bodyLeft = contentLength(head);
      skipBody();
      busy = true;
      String[] words = head.split("\\s", 3);
      return words.length < 3 ? "/" : words[1];
    }

    private int endOfHead() {
      byte[] bytes = in.array();
      for (int i = 3; i < in.position(); i++) {
        if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n') {
          return i + 1;
        }
      }
      return -1;
    }

    private static long contentLength(String head) {
      int at = head.toLowerCase(Locale.ROOT).indexOf("\ncontent-length:");
      return at < 0 ? 0 : Long.parseLong(head.substring(at + 16, head.indexOf('\r', at)).strip());
    }

    private void skipBody() {
      int here = (int) Math.min(bodyLeft, in.position());
      consume(here);
      bodyLeft -= here;
    }

    private void consume(int bytes) {
      in.flip().position(bytes);
      in.compact();
    }

    void write(String status, String header, String body) throws IOException {
      busy = false;
      String text =
          "HTTP/1.1 "
              + status
              + "\r\nContent-Type: application/json\r\n"
              + header
              + "Content-Length: "
              + body.length()
              + "\r\n\r\n"
              + body;
      out = ByteBuffer.wrap(text.getBytes(US_ASCII));
      flush();
    }

    void flush() throws IOException {
      channel.write(out);
      key.interestOps(out.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }

    void close() {
      key.cancel();
      try {
        channel.close();
      } catch (IOException e) {
        return; // it is gone either way
      }
    }
  }
}

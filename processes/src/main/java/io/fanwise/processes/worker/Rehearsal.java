package io.fanwise.processes.worker;

import io.fanwise.codec.Decoder;
import io.fanwise.codec.Encoder;
import io.fanwise.codec.Output;
import io.fanwise.codec.Passage;
import io.fanwise.work.Task;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// A worker JVM that is its own parent: it goes through what workers do when they start, so that
/// the JDK can write down what they need for that.
///
/// The worker is the real one, on the main thread; the parent is played by daemon threads.
public final class Rehearsal implements Runnable {
  private static final int WORKER = 1;
  private static final Passage PASSAGE = Passage.within(Rehearsal.class.getClassLoader());

  private final SocketChannel channel;

  private Rehearsal(SocketChannel channel) {
    this.channel = channel;
  }

  /// Started with the option that makes the JDK write a cache when this is over.
  ///
  /// @param args an empty directory, and the process that started this one
  /// @throws IOException if the directory is of no use
  public static void main(String[] args) throws IOException {
    Path directory = Path.of(args[0]);
    Path socket = directory.resolve("s");
    Path page = directory.resolve("c");
    Control.create(page);
    System.setIn(new ByteArrayInputStream(new byte[Hello.TOKEN_BYTES]));
    try (ServerSocketChannel door = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      door.bind(UnixDomainSocketAddress.of(socket));
      daemon(new Door(door));
      InterruptKey.ignore(); // the worker may not be there for long enough to come to it
      Main.main(
          new String[] {
            socket.toString(), Integer.toString(WORKER), "fan-worker", page.toString(), args[1]
          });
    }
  }

  private static void daemon(Runnable part) {
    Thread thread = new Thread(null, part, "fan-rehearsal", 0, false);
    thread.setDaemon(true);
    thread.start();
  }

  private record Door(ServerSocketChannel open) implements Runnable {
    @Override
    public void run() {
      try {
        while (true) {
          daemon(new Rehearsal(open.accept()));
        }
      } catch (IOException e) {
        // the worker has ended
      }
    }
  }

  @Override
  public void run() {
    try (Line line = new Line(channel)) {
      if (Hello.read(channel).line() == Hello.WORK) {
        play(line);
      } else {
        answer(line);
      }
    } catch (EOFException e) {
      // the worker has ended
    } catch (IOException e) {
      Runtime.getRuntime().halt(Exit.PARENT_GONE); // and there is no cache
    }
  }

  /// What a parent says to a worker.
  private static void play(Line line) throws IOException {
    Output start = line.begin(Frame.START, null);
    start.i32(Question.HOME);
    Encoder nothing = new Encoder(start, PASSAGE);
    nothing.value(null);
    start.u8(0);
    nothing.value(null);
    start.u8(0);
    line.end();
    line.next();
    int step = 3;
    double factor = 0.5;
    String word = "tired";
    long number = 0;
    Task<Integer, Integer> numbers = x -> x + step;
    send(line, ++number, numbers, 1, 2, 3);
    Task<Double, Double> fractions = x -> x * factor;
    send(line, ++number, fractions, 0.5, 1.5);
    Task<Long, Boolean> even = x -> x % 2 == 0;
    send(line, ++number, even, 1L, 2L);
    Task<String, String> text = String::toUpperCase;
    send(line, ++number, text, "a", "b", "ü");
    Task<String, String> printed = x -> said(word + x);
    send(line, ++number, printed, "a", "b");
    Task<Point, Kind> records = x -> x.x() > step ? Kind.FAR : Kind.NEAR;
    send(line, ++number, records, new Point(1, "a", List.of(1)), new Point(5, "b", List.of()));
    Task<List<Object>, Map<String, Object>> collections = x -> Map.of("all", x);
    send(line, ++number, collections, List.of(1, "a"), new ArrayList<>(Arrays.asList(1L, 'c')));
    Task<double[], long[]> arrays = x -> new long[] {x.length};
    send(line, ++number, arrays, new double[100], new double[] {1});
    Task<Integer, Integer> failing = x -> 6 / x;
    send(line, ++number, failing, 0, 1);
    line.begin(Frame.FORGET, null).i64(1);
    line.end();
    line.begin(Frame.BYE, null);
    line.end();
    line.next(); // its end
  }

  private static String said(String text) {
    System.out.println(text);
    return text;
  }

  private record Point(int x, String name, List<Integer> more) {}

  private enum Kind {
    NEAR,
    FAR
  }

  private static void send(Line line, long number, Task<?, ?> task, Object... inputs)
      throws IOException {
    Output function = line.begin(Frame.FUNCTION, null);
    function.i64(number);
    function.i32(Question.HOME);
    function.u8(0);
    new Encoder(function, PASSAGE).value(task);
    function.u8(0);
    line.end();
    Output batch = line.begin(Frame.BATCH, null);
    batch.i64(number);
    batch.i64(number);
    batch.i64(0);
    batch.i64(0);
    batch.i64(0);
    batch.u8(Sending.TIMED);
    batch.i32(inputs.length);
    new Encoder(batch, PASSAGE).values(inputs, 0, inputs.length, Broken.INSTEAD);
    line.end();
    if (line.next() != Frame.RESULT) {
      throw new IOException("the worker gave no result for " + Arrays.toString(inputs));
    }
  }

  /// What is printed is taken; there are no classes to ask for.
  private static void answer(Line line) throws IOException {
    while (true) {
      int frame = line.next();
      new Decoder(line.content(), PASSAGE).value();
      Object answer = frame == Frame.CLASS ? new Answer.Missing("this is a rehearsal") : null;
      new Encoder(line.begin(frame, null), PASSAGE).value(answer);
      line.end();
    }
  }
}

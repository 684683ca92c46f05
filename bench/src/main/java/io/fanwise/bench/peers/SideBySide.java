package io.fanwise.bench.peers;

import io.fanwise.Fan;
import io.fanwise.Range;
import io.fanwise.bench.Numbers;
import io.fanwise.bench.Work;
import io.fanwise.work.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/// One process runs one peer in one case, and prints what it measured as one line of JSON.
///
/// ```
/// java -cp bench/target/benchmarks.jar io.fanwise.bench.peers.SideBySide tiny-1us fanwise 1000000 2 7 4
/// ```
///
/// Arguments: case, peer, inputs, jobs, repetitions, repetitions before these to warm up.
/// `bench/peers/run` does this for many peers in turn.
public final class SideBySide {
  private final String name;
  private final String peer;
  private final int size;
  private final int jobs;
  private final int repetitions;
  private final int warmups;

  private SideBySide(String... args) {
    name = args[0];
    peer = args[1];
    size = Integer.parseInt(args[2]);
    jobs = Integer.parseInt(args[3]);
    repetitions = Integer.parseInt(args[4]);
    warmups = Integer.parseInt(args[5]);
  }

  /// Measures.
  ///
  /// @param args see above
  /// @throws Exception if the peer did not do what it was asked
  public static void main(String... args) throws Exception {
    SideBySide one = new SideBySide(args);
    System.out.println(one.measured());
    System.exit(0); // whatever threads the peer has left
  }

  private String measured() throws Exception {
    return switch (name) {
      case "tiny-sqrt" -> map(Numbers.boxed(size), Work.SQRT.task());
      case "tiny-100ns" -> map(Numbers.boxed(size), Work.NS_100.task());
      case "tiny-1us" -> map(Numbers.boxed(size), Work.US_1.task());
      case "lazy-sqrt" -> map(Numbers.lazy(size), Work.SQRT.task());
      case "lazy-100ns" -> map(Numbers.lazy(size), Work.NS_100.task());
      case "sleep100" -> map(Numbers.boxed(size), sleeping(always100(size)));
      case "skew" -> map(Numbers.boxed(size), sleeping(Skew.millis(size)));
      case "stream" -> stream();
      case "count" -> count();
      case "one" -> one();
      case "failfast" -> FailFast.measured(peer, open(), size, jobs, repetitions);
      default -> throw new IllegalArgumentException("there is no case " + name);
    };
  }

  private Peer open() {
    Stream<Peers> kinds =
        Stream.concat(
            Stream.of(new OfFanwise(), new OfTheJdk()),
            ServiceLoader.load(Peers.class).stream().map(ServiceLoader.Provider::get));
    return kinds
        .flatMap(kind -> Stream.ofNullable(kind.named(peer, jobs)))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no peer " + peer));
  }

  private <R> String map(List<Integer> inputs, Task<Integer, R> task) throws Exception {
    Stopwatch watch = new Stopwatch();
    try (Peer mapper = open()) {
      for (int i = -warmups; i < repetitions; i++) {
        System.gc();
        watch.start();
        List<R> results = mapper.map(inputs, task);
        watch.stop(i >= 0);
        if (i == -warmups) {
          check(results, inputs, task);
        }
        if (results.size() != size) {
          throw new IllegalStateException(results.size() + " results");
        }
      }
    }
    return told(watch);
  }

  private <R> void check(List<R> results, List<Integer> inputs, Task<Integer, R> task)
      throws Exception {
    if (name.startsWith("tiny") || name.startsWith("lazy")) {
      for (int i = 0; i < size; i += Math.max(1, size / 1000)) {
        if (!results.get(i).equals(task.run(inputs.get(i)))) {
          throw new IllegalStateException("result " + i + " is " + results.get(i));
        }
      }
    } else if (!results.equals(inputs)) {
      throw new IllegalStateException("results are not in order");
    }
  }

  private static Task<Integer, Integer> sleeping(int[] millis) {
    return input -> {
      Thread.sleep(millis[input]);
      return input;
    };
  }

  private static int[] always100(int size) {
    int[] all = new int[size];
    Arrays.fill(all, 100);
    return all;
  }

  /// A lazy source, a task that does next to nothing, a file.
  private String stream() throws Exception {
    Stopwatch watch = new Stopwatch();
    Path file = Files.createTempFile("fanwise-stream", ".txt");
    try (Peer streamer = open()) {
      for (int i = -warmups; i < repetitions; i++) {
        int lines = i < 0 ? Math.min(size, 2_000_000) : size;
        watch.start();
        try (Lines sink = new Lines(file)) {
          Iterator<Long> inputs = Range.of(0L, lines).iterator();
          streamer.each(inputs, input -> input * 31 + 7, sink::add);
        }
        watch.stop(i >= 0);
        try (Stream<String> written = i < 0 ? Files.lines(file) : Stream.empty()) {
          if (i < 0 && written.count() != lines) {
            throw new IllegalStateException("lines are missing");
          }
        }
      }
    } finally {
      Files.delete(file);
    }
    return told(watch);
  }

  /// Results that nobody keeps.
  private String count() {
    Stopwatch watch = new Stopwatch();
    for (int i = -warmups; i < repetitions; i++) {
      watch.start();
      try (Stream<Long> results =
          Fan.threads(jobs).stream(Range.of(0L, size), input -> input + 1)) {
        if (results.count() != size) {
          throw new IllegalStateException("results are missing");
        }
      }
      watch.stop(i >= 0);
    }
    return told(watch);
  }

  /// As many runs of one input as there are inputs, one after the other: the repetitions are means.
  private String one() throws Exception {
    Stopwatch watch = new Stopwatch();
    List<Integer> input = List.of(1);
    try (Peer mapper = open()) {
      for (int i = -warmups; i < repetitions; i++) {
        watch.start();
        for (int run = 0; run < size; run++) {
          if (mapper.map(input, one -> one + 1).getFirst() != 2) {
            throw new IllegalStateException("wrong result");
          }
        }
        watch.stop(i >= 0);
      }
    }
    return told(watch);
  }

  private String told(Stopwatch watch) {
    return String.format(
        Locale.ROOT,
        "{\"case\": \"%s\", \"peer\": \"%s\", \"n\": %d, \"jobs\": %d, \"seconds\": %s,"
            + " \"cpu_seconds\": %s, \"rss_mb\": %d}",
        name,
        peer,
        size,
        jobs,
        watch.seconds(),
        watch.cpuSeconds(),
        peakMegabytes());
  }

  /// The most memory this process ever had, in units of 2^20 bytes; 0 where nobody can tell.
  private static long peakMegabytes() {
    try (Stream<String> status = Files.lines(Path.of("/proc/self/status"))) {
      return status
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }
}

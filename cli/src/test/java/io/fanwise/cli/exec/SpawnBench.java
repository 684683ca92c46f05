package io.fanwise.cli.exec;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/// How many programs a second: `SpawnBench RUNS ROUNDS [FLOOR]`, by hand. The contenders take turns
/// within each round, so their ratios mean something on a busy machine. FLOOR is a compiled
/// `spawnbench`, the same in C.
public final class SpawnBench {
  private static final String PROGRAM = "true";

  /// Whoever starts programs, again and again on one thread.
  interface Starter {
    void start() throws Exception;
  }

  /// A contender: what each of its threads does.
  interface Contender {
    Starter onThread() throws Exception;
  }

  private SpawnBench() {}

  public static void main(String... arguments) throws Exception {
    int runs = Integer.parseInt(arguments[0]);
    int rounds = Integer.parseInt(arguments[1]);
    try (Spawner posix = new PosixSpawner(Spawner.GRACE);
        Spawner portable = new PortableSpawner(Spawner.GRACE)) {
      Map<String, Contender> contenders = new LinkedHashMap<>();
      contenders.put("posix: pipes, poll, pidfd", () -> () -> run(posix));
      contenders.put("memory file, waitpid", MemoryFile::new);
      contenders.put("nothing collected, waitpid", Bare::new);
      contenders.put("portable: ProcessBuilder", () -> () -> run(portable));
      for (int jobs = 1; jobs <= 2; jobs++) {
        measure(contenders, runs, rounds, jobs, arguments.length > 2 ? arguments[2] : "");
      }
    }
  }

  private static void measure(
      Map<String, Contender> contenders, int runs, int rounds, int jobs, String floor)
      throws Exception {
    Map<String, List<Double>> rates = new LinkedHashMap<>();
    for (int round = -1; round < rounds; round++) {
      if (!floor.isEmpty()) {
        note(rates, "floor: posix_spawn in C", floor(floor, runs, jobs), round);
      }
      for (var contender : contenders.entrySet()) {
        note(rates, contender.getKey(), rate(contender.getValue(), runs, jobs), round);
      }
    }
    double first = median(rates.values().iterator().next());
    rates.forEach((name, all) ->
        System.out.printf(
            Locale.ROOT,
            "-j%d %-28s %6.0f/s  %.2f%n",
            jobs,
            name,
            median(all),
            median(all) / first));
  }

  private static void note(Map<String, List<Double>> rates, String name, double rate, int round) {
    if (round >= 0) { // the first round warms up
      rates.computeIfAbsent(name, _ -> new ArrayList<>()).add(rate);
    }
  }

  private static double rate(Contender contender, int runs, int jobs) throws Exception {
    AtomicInteger left = new AtomicInteger(runs);
    long start = System.nanoTime();
    try (ExecutorService threads = Executors.newFixedThreadPool(jobs)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < jobs; i++) {
        all.add(threads.submit(() -> drain(left, contender.onThread())));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    return runs / ((System.nanoTime() - start) / 1e9);
  }

  private static boolean drain(AtomicInteger left, Starter starter) throws Exception {
    while (left.getAndDecrement() > 0) {
      starter.start();
    }
    return true;
  }

  private static double floor(String spawnbench, int runs, int jobs) throws IOException {
    Process process =
        new ProcessBuilder(spawnbench, "spawn", "" + runs, "" + jobs, PROGRAM).start();
    String line = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return Double.parseDouble(line.replaceAll("(?s).*\"per_s\":([0-9.]+).*", "$1"));
  }

  private static double median(List<Double> rates) {
    double[] sorted = rates.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static void run(Spawner spawner) throws InterruptedException {
    Finished finished = spawner.run(Command.of(PROGRAM));
    if (!finished.exit().good() || finished.stdout().size() > 0) {
      throw new IllegalStateException(finished.toString());
    }
  }

  /// Starts programs and waits; what they print goes nowhere. Confined to one thread.
  private static class Bare implements Starter {
    final Arena arena = Arena.ofAuto();
    final MemorySegment errno = arena.allocate(Libc.ERRNO);
    final MemorySegment number = arena.allocate(JAVA_INT);
    private final MemorySegment attributes = Libc.attributes(arena);
    private final MemorySegment program = arena.allocateFrom(PROGRAM);
    private final MemorySegment words = Environment.vector(List.of(program), arena);
    private final MemorySegment environment = Libc.environment();

    @Override
    public void start() throws IOException {
      start(2, 2);
    }

    void start(int stdout, int stderr) throws IOException {
      try (Arena confined = Arena.ofConfined()) {
        MemorySegment actions = Libc.actions(confined, Libc.NOTHING, stdout, stderr, "");
        int error = Libc.spawn(number, program, actions, attributes, words, environment);
        Libc.destroy(actions);
        int pid = number.get(JAVA_INT, 0);
        if (error != 0 || Libc.wait(errno, pid, number) != pid || number.get(JAVA_INT, 0) != 0) {
          throw new IOException("failed");
        }
      }
    }
  }

  /// Has them print into two files in memory, used again and again. Confined to one thread.
  @SuppressWarnings("restricted")
  private static final class MemoryFile extends Bare {
    private static final MethodHandle FTRUNCATE =
        Linker.nativeLinker()
            .downcallHandle(
                Linker.nativeLinker().defaultLookup().findOrThrow("ftruncate"),
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));

    private final MemorySegment chunk = arena.allocate(64 << 10);
    private final int stdout = Libc.memory(errno, arena.allocateFrom("stdout"));
    private final int stderr = Libc.memory(errno, arena.allocateFrom("stderr"));

    @Override
    public void start() throws IOException {
      start(stdout, stderr);
      collect(stdout);
      collect(stderr);
    }

    private void collect(int file) throws IOException {
      Libc.rewind(file);
      if (Libc.read(errno, file, chunk, chunk.byteSize()) > 0) {
        throw new IOException("printed something");
      }
      try {
        int _ = (int) FTRUNCATE.invokeExact(file, 0L);
      } catch (Throwable e) {
        throw new IOException(e);
      }
    }
  }
}

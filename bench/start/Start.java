import io.fanwise.Fan;
import io.fanwise.processes.Processes;
import io.fanwise.spi.Workers;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What it takes until worker JVMs are there, measured once in a new JVM: `Start fresh 2`. Prints
/// names and numbers.
final class Start {
  private static final long BEGUN = System.nanoTime();
  private static final int REPETITIONS = 5;
  private static final long IDLE_MILLIS = 3_000;

  private Start() {}

  public static void main(String[] args) throws Exception {
    int jobs = Integer.parseInt(args[1]);
    switch (args[0]) {
      case "fresh" -> fresh(jobs);
      case "warm" -> warm(jobs);
      case "idle" -> idle(jobs);
      case "wait" -> waitFor(Path.of(args[2]), jobs);
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  /// From the beginning of main to the results of all workers.
  private static void fresh(int jobs) throws IOException {
    run(Fan.on(Processes.of(jobs)), jobs);
    tell("ms", (System.nanoTime() - BEGUN) / 1e6);
    tell("cpu ms of the workers", cpuOfWorkers() / 1e6 / jobs);
  }

  /// Pools in a JVM that has had some before, and their end.
  private static void warm(int jobs) throws IOException {
    for (int i = 0; i < REPETITIONS; i++) {
      try (Workers before = Processes.of(jobs).start()) {
        run(Fan.on(before), jobs);
      }
    }
    for (int i = 0; i < REPETITIONS; i++) {
      long begun = System.nanoTime();
      Workers workers = Processes.of(jobs).start();
      run(Fan.on(workers), jobs);
      tell("ms", (System.nanoTime() - begun) / 1e6);
      tell("cpu ms of the workers", cpuOfWorkers() / 1e6 / jobs);
      long closing = System.nanoTime();
      workers.close();
      tell("close ms", (System.nanoTime() - closing) / 1e6);
    }
  }

  private static void idle(int jobs) throws IOException, InterruptedException {
    run(Fan.on(Processes.of(jobs)), jobs);
    Thread.sleep(500);
    long before = cpuOfWorkers();
    Thread.sleep(IDLE_MILLIS);
    tell("cpu ms a second", (cpuOfWorkers() - before) / 1e6 / jobs * 1e3 / IDLE_MILLIS);
    for (Path worker : workers()) {
      tell("rss MB", kilobytes(worker.resolve("status"), "VmRSS:") / 1024);
      tell("pss MB", kilobytes(worker.resolve("smaps_rollup"), "Pss:") / 1024);
    }
  }

  /// Until the cache of the workers has been made.
  private static void waitFor(Path directory, int jobs) throws IOException, InterruptedException {
    run(Fan.on(Processes.of(jobs)), jobs);
    for (int i = 0; i < 600; i++) {
      try (DirectoryStream<Path> caches = Files.newDirectoryStream(directory, "*.aot")) {
        if (caches.iterator().hasNext()) {
          return;
        }
      }
      Thread.sleep(100);
    }
    throw new IllegalStateException("no cache was made in " + directory);
  }

  /// An input for each worker, long enough that each gets one.
  private static void run(Fan fan, int jobs) {
    List<Integer> inputs = new ArrayList<>();
    for (int i = 0; i < jobs; i++) {
      inputs.add(i);
    }
    int step = 1;
    fan.batch(1).map(inputs, x -> x + step);
  }

  private static List<Path> workers() {
    return ProcessHandle.current().children().map(child -> Path.of("/proc/" + child.pid())).toList();
  }

  private static long cpuOfWorkers() throws IOException {
    long nanos = 0;
    for (Path worker : workers()) {
      try (DirectoryStream<Path> threads = Files.newDirectoryStream(worker.resolve("task"))) {
        for (Path thread : threads) {
          nanos += Long.parseLong(Files.readString(thread.resolve("schedstat")).split(" ")[0]);
        }
      }
    }
    return nanos;
  }

  private static double kilobytes(Path file, String name) throws IOException {
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith(name)) {
        return Double.parseDouble(line.replaceAll("[^0-9]", ""));
      }
    }
    return Double.NaN;
  }

  private static void tell(String name, double value) {
    System.out.println(name + "\t" + String.format(Locale.ROOT, "%.2f", value));
  }
}

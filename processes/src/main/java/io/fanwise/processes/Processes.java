package io.fanwise.processes;

import static java.util.Objects.requireNonNull;

import io.fanwise.spi.Backend;
import io.fanwise.spi.BackendProvider;
import io.fanwise.spi.Workers;
import io.fanwise.work.Action;
import io.fanwise.work.Serializer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Worker JVMs on this host: a task there may crash, leak, exhaust its heap, call `System.exit` or
/// hang, and only its own input fails.
///
/// ```java
/// Fan.on(Processes.of(4).heap("2g")).map(grid, Model::fit);
/// ```
///
/// There is nothing to prepare: workers are started with this JVM's class path and options, classes
/// they do not have are sent to them, and so is the task with all that it captures.
///
/// Each setting returns a copy. Equal descriptions share one warm set of workers, which stop when
/// they have been idle for a minute. Immutable.
public final class Processes implements Backend {
  private static final String SIZE = "[1-9][0-9]*[kKmMgG]?";

  private final Description is;

  private Processes(Description is) {
    this.is = is;
  }

  /// What there is to say about worker JVMs.
  ///
  /// @param jobs how many
  /// @param processors how many processors each is told it has
  /// @param launch how they are started
  /// @param care how they are looked after
  /// @param initializer what each does first
  /// @param serializer what turns plain objects into bytes; empty for the JDK
  record Description(
      int jobs,
      int processors,
      Launch launch,
      Care care,
      Optional<Action<String>> initializer,
      Optional<Serializer> serializer) {
    Description launch(Launch other) {
      return new Description(jobs, processors, other, care, initializer, serializer);
    }

    Description care(Care other) {
      return new Description(jobs, processors, launch, other, initializer, serializer);
    }

    /// Tells most apart that differ. That of a record of records has a JVM that has just started
    /// make a dozen method handles, for the first look for a warm pool.
    @Override
    public int hashCode() {
      return 31 * jobs + processors;
    }
  }

  /// So many worker JVMs.
  ///
  /// @param jobs how many; −1 for as many as there are cores, −2 for all but one, and so on
  /// @return the description
  /// @throws IllegalArgumentException if `jobs` is 0
  public static Processes of(int jobs) {
    int cores = Runtime.getRuntime().availableProcessors();
    if (jobs == 0) {
      throw new IllegalArgumentException(
          "jobs must be at least 1, or negative to count from the number of cores, was 0");
    }
    int count = jobs > 0 ? jobs : Math.max(1, cores + 1 + jobs);
    int processors = Math.max(1, cores / count);
    return new Processes(
        new Description(
            count, processors, Launch.USUAL, Care.USUAL, Optional.empty(), Optional.empty()));
  }

  Description is() {
    return is;
  }

  @Override
  public String name() {
    return "processes";
  }

  @Override
  public Workers start() {
    if (System.getProperty("fanwise.worker") != null) {
      return Backend.named("sequential", 1).start(); // workers do not multiply
    }
    return new ProcessPool(this);
  }

  // ---- how they are started

  /// Limits the heap of each worker. Without it they share three quarters of the memory, and none
  /// has more than a quarter.
  ///
  /// @param size as for the JVM's `-Xmx`: `512m`, `2g`
  /// @return a copy
  /// @throws IllegalArgumentException if that is no size
  public Processes heap(String size) {
    if (!requireNonNull(size, "size").matches(SIZE)) {
      throw new IllegalArgumentException(
          "heap must be a number with k, m or g behind it, such as 512m, was " + size);
    }
    return new Processes(is.launch(is.launch.heap(size)));
  }

  /// Adds JVM options. System properties, `--add-opens` and the like, assertions and agents of this
  /// JVM are passed on anyway.
  ///
  /// @param options such as `-XX:+UseParallelGC`
  /// @return a copy
  public Processes jvmOptions(String... options) {
    List<String> all = new ArrayList<>(is.launch.options());
    all.addAll(List.of(options));
    return new Processes(is.launch(is.launch.options(all)));
  }

  /// Sets an environment variable; the others are those of this JVM.
  ///
  /// @param name its name
  /// @param value its value
  /// @return a copy
  public Processes environment(String name, String value) {
    Map<String, String> all = new HashMap<>(is.launch.environment());
    all.put(requireNonNull(name, "name"), requireNonNull(value, "value"));
    return new Processes(is.launch(is.launch.environment(all)));
  }

  /// Sets the working directory; otherwise it is that of this JVM.
  ///
  /// @param directory an existing directory
  /// @return a copy
  /// @throws IllegalArgumentException if it is none
  public Processes directory(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new IllegalArgumentException(
          "the working directory must exist, was " + directory.toAbsolutePath());
    }
    return new Processes(is.launch(is.launch.directory(directory.toAbsolutePath())));
  }

  /// Tells each worker how many processors it has, which is what parallel streams and pools in its
  /// tasks go by. Otherwise the workers share the cores: it is their number divided by that of
  /// workers, and at least 1.
  ///
  /// @param processors at least 1
  /// @return a copy
  public Processes processors(int processors) {
    int count = positive("processors", processors);
    return new Processes(
        new Description(is.jobs, count, is.launch, is.care, is.initializer, is.serializer));
  }

  /// Has each worker do something before its first task: open a connection, load a model into a
  /// static field. If it throws, the run ends with what it threw. It takes as long as it takes: the
  /// timeout of a task is not about it; a run that is cancelled ends it.
  ///
  /// What it captures is refused before anything starts if it cannot travel, and is for all workers
  /// as it was when the first run began.
  ///
  /// @param action gets the name of the worker
  /// @return a copy
  public Processes initializer(Action<String> action) {
    Optional<Action<String>> first = Optional.of(requireNonNull(action, "action"));
    return new Processes(
        new Description(is.jobs, is.processors, is.launch, is.care, first, is.serializer));
  }

  /// Turns objects of plain classes into bytes in another way than by the JDK's serialization: for
  /// many of them it may be faster, and take classes that are not serializable.
  ///
  /// @param serializer such as one on top of Apache Fory
  /// @return a copy
  public Processes serializer(Serializer serializer) {
    Optional<Serializer> other = Optional.of(requireNonNull(serializer, "serializer"));
    return new Processes(
        new Description(is.jobs, is.processors, is.launch, is.care, is.initializer, other));
  }

  // ---- how they are looked after

  /// Replaces a worker after so many tasks: for code that leaks what no heap limit sees.
  ///
  /// @param tasks at least 1
  /// @return a copy
  public Processes recycleAfter(int tasks) {
    return new Processes(is.care(is.care.recycleAfter(positive("tasks", tasks))));
  }

  /// Replaces a worker, between two batches, when it occupies more memory than this: heap and
  /// everything else. Only on Linux is that known.
  ///
  /// @param size resident memory: `800m`, `4g`
  /// @return a copy
  /// @throws IllegalArgumentException if that is no size
  public Processes recycleAbove(String size) {
    if (!requireNonNull(size, "size").matches(SIZE)) {
      throw new IllegalArgumentException(
          "the memory must be a number with k, m or g behind it, such as 800m, was " + size);
    }
    return new Processes(is.care(is.care.recycleAbove(Care.bytes(size))));
  }

  /// Stops a worker that has had nothing to do for so long; otherwise a minute.
  ///
  /// @param time more than zero
  /// @return a copy
  /// @throws IllegalArgumentException if it is not
  public Processes idle(Duration time) {
    if (time.isNegative() || time.isZero()) {
      throw new IllegalArgumentException("idle must be more than zero, was " + time);
    }
    return new Processes(is.care(is.care.idle(time)));
  }

  /// Keeps what workers write to their standard output and error outside tasks, and the reports of
  /// crashes, in files there.
  ///
  /// @param directory an existing directory
  /// @return a copy
  /// @throws IllegalArgumentException if it is none
  public Processes logs(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new IllegalArgumentException(
          "the log directory must exist, was " + directory.toAbsolutePath());
    }
    return new Processes(is.care(is.care.logs(directory.toAbsolutePath())));
  }

  /// Puts the name of the worker in front of each line that a task prints: `[fan-worker-2] …`.
  ///
  /// @return a copy
  public Processes tagged() {
    return new Processes(is.care(is.care.tagged()));
  }

  private static int positive(String what, int number) {
    if (number < 1) {
      throw new IllegalArgumentException(what + " must be at least 1, was " + number);
    }
    return number;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Processes processes && is.equals(processes.is);
  }

  @Override
  public int hashCode() {
    return is.hashCode();
  }

  @Override
  public String toString() {
    return "Processes.of(" + is.jobs + ")";
  }

  /// Finds it by name.
  public static final class Provider implements BackendProvider {
    /// For the service loader.
    public Provider() {}

    @Override
    public String name() {
      return "processes";
    }

    @Override
    public Backend backend(int jobs) {
      return of(jobs);
    }
  }
}

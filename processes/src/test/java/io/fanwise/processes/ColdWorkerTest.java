package io.fanwise.processes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanwise.Fan;
import io.fanwise.shared.Shared;
import io.fanwise.shared.SharedCounter;
import io.fanwise.shared.SharedDoubles;
import io.fanwise.spi.Workers;
import io.fanwise.work.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a new worker is spared on its way to its first result. The first object stream that is read
/// from looks through all jars of the class path for a logger.
class ColdWorkerTest {
  @TempDir Path directory;

  /// The classes that a worker has loaded when it has run a task once.
  private List<String> loadedFor(Task<Integer, ?> task) throws IOException {
    Path log = directory.resolve("classes.log");
    try (Workers workers =
        Processes.of(1).jvmOptions("-Xlog:class+load=info:file=" + log).start()) {
      Fan.on(workers).map(List.of(1), task);
    }
    try (Stream<String> lines = Files.lines(log)) {
      return lines.filter(line -> line.contains(" source: ")).toList();
    }
  }

  private static void assertNoStreamIn(List<String> loaded) {
    assertThat(loaded)
        .anyMatch(line -> line.contains("io.fanwise.codec.Decoder "))
        .noneMatch(line -> line.contains("java.io.ObjectInputStream "))
        .noneMatch(line -> line.contains("java.lang.System$Logger "))
        .noneMatch(line -> line.contains("ObjectInputFilter"));
  }

  @Test
  void anObjectOfAPlainClassIsReadFromAStream() throws IOException {
    var exotic = new java.util.concurrent.atomic.AtomicInteger(1);

    assertThat(loadedFor(x -> x + exotic.get()))
        .as("or the others would prove nothing")
        .anyMatch(line -> line.contains("java.io.ObjectInputStream "));
  }

  @Test
  void aSharedArrayIsCapturedWithoutAnyStream() throws IOException {
    try (SharedDoubles shared = SharedDoubles.copyOf(new double[] {1, 2})) {
      assertNoStreamIn(loadedFor(x -> shared.get(x)));
    }
  }

  @Test
  void sharedStateIsCapturedAndUsedAndReturnedWithoutAnyStream() throws IOException {
    SharedCounter counter = Shared.counter();

    assertNoStreamIn(
        loadedFor(x -> {
          counter.add(x);
          return counter;
        }));

    assertThat(counter.get()).isEqualTo(1);
  }

  @Test
  void aLargeCapturedArrayIsCopiedWithoutAnyStream() throws IOException {
    double[] values = new double[1 << 18];

    assertNoStreamIn(loadedFor(x -> values[x]));
  }
}

package io.fanwise.bench.processes;

import io.fanwise.Fan;
import io.fanwise.Range;
import io.fanwise.TaskFailed;
import io.fanwise.processes.Processes;
import io.fanwise.work.WorkerLost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// How long it takes until the caller knows that a worker is gone: from the moment it is about to
/// end itself, or from the moment it is killed.
final class Deaths {
  private static final int EXIT_CODE = 3;
  private static final long PATIENCE_MILLIS = 20_000;
  private static final long LOOK_MILLIS = 1;

  /// Nobody is through with one before the others have begun with theirs.
  private static final long LONG_MILLIS = 300;

  private final Asked asked;
  private final Fan fan;
  private final Path word;

  private Deaths(Asked asked, Path word) {
    this.asked = asked;
    this.fan = Fan.on(Processes.of(asked.jobs()));
    this.word = word;
  }

  static Figures measured(Asked asked) throws Exception {
    Figures figures = new Figures();
    Path word = Files.createTempFile("fanwise-last-word", ".txt");
    try {
      for (int i = -asked.warmups(); i < asked.repetitions(); i++) {
        double millis = new Deaths(asked, word).millisUntilKnown();
        if (i >= 0) {
          figures.add("known after ms", millis);
        }
      }
    } finally {
      Files.delete(word);
    }
    return figures;
  }

  private double millisUntilKnown() throws Exception {
    fan.batch(1)
        .forEach(Range.of(0, asked.jobs()), _ -> Thread.sleep(LONG_MILLIS)); // all are there
    Files.writeString(word, "");
    return asked.name().equals("exit") ? untilExitIsKnown() : untilKillIsKnown();
  }

  private double untilExitIsKnown() throws IOException {
    String file = word.toString();
    long known =
        known(() ->
            fan.map(
                List.of(file),
                path -> {
                  Files.writeString(Path.of(path), Long.toString(System.nanoTime()));
                  System.exit(EXIT_CODE);
                  return path;
                }));
    return (known - Long.parseLong(Files.readString(word))) / 1e6; // one clock for all processes
  }

  private double untilKillIsKnown() throws InterruptedException {
    AtomicLong killed = new AtomicLong();
    Thread killer = Thread.ofPlatform().start(() -> killed.set(kill()));
    String file = word.toString();
    long known =
        known(() ->
            fan.map(
                List.of(file),
                path -> {
                  Files.writeString(Path.of(path), ProcessHandle.current().pid() + ".");
                  Thread.sleep(PATIENCE_MILLIS);
                  return path;
                }));
    killer.join();
    return (known - killed.get()) / 1e6;
  }

  /// Kills the worker that has left its word.
  ///
  /// @return when
  private long kill() {
    try {
      String pid = "";
      while (!pid.endsWith(".")) {
        Thread.sleep(LOOK_MILLIS);
        pid = Files.readString(word);
      }
      ProcessHandle worker = ProcessHandle.of(Long.parseLong(pid.replace(".", ""))).orElseThrow();
      long now = System.nanoTime();
      worker.destroyForcibly();
      return now;
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long known(Runnable run) {
    try {
      run.run();
    } catch (WorkerLost e) {
      return System.nanoTime();
    } catch (TaskFailed e) {
      long now = System.nanoTime();
      if (e.getCause() instanceof WorkerLost) {
        return now;
      }
      throw e;
    }
    throw new IllegalStateException("the run ended as if nothing had happened");
  }
}

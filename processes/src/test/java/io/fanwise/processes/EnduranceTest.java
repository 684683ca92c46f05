package io.fanwise.processes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanwise.Fan;
import io.fanwise.Range;
import io.fanwise.work.Outcome;
import java.io.File;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Much of what harms little: a program with a heap of 64 MB goes on for as long as it likes.
@Timeout(180)
class EnduranceTest {
  private static final List<String> SMALL = List.of("-Xmx64m");
  private static final long GIGABYTE = 1 << 30;

  @TempDir private Path temp;

  /// Counts what is printed, and keeps nothing.
  private static final class Counter extends OutputStream {
    private long bytes;

    @Override
    public void write(int one) {
      bytes++;
    }

    @Override
    public void write(byte[] some, int from, int count) {
      bytes += count;
    }
  }

  /// A program whose tasks print a gigabyte, and another past the library.
  static final class Flooded {
    private static final int TASKS = 16;
    private static final int LINE = 128;

    private Flooded() {}

    public static void main(String[] args) {
      PrintStream usual = System.out;
      Counter counter = new Counter();
      System.setOut(new PrintStream(counter, false, StandardCharsets.UTF_8));
      byte[] line = new byte[LINE];
      Arrays.fill(line, (byte) 'x');
      line[LINE - 1] = '\n';
      Path logs = Path.of(args[0]);
      Fan fan = Fan.on(Processes.of(2).heap("64m").logs(logs)).batch(1);

      fan.forEach(
          Range.of(0, TASKS),
          _ -> {
            for (long left = GIGABYTE / TASKS; left > 0; left -= LINE) {
              System.out.write(line, 0, LINE);
            }
          });
      fan.forEach(
          Range.of(0, TASKS),
          _ -> {
            byte[] much = new byte[1 << 20];
            Arrays.fill(much, (byte) '\n');
            try (FileOutputStream past = new FileOutputStream("/proc/self/fd/1", true)) {
              for (long left = GIGABYTE / TASKS; left > 0; left -= much.length) {
                past.write(much);
              }
            }
          });

      usual.println(counter.bytes);
      while (Stream.of(logs.toFile().listFiles()).mapToLong(File::length).sum()
          > 2 * Log.MOST_BYTES) {
        Thread.onSpinWait();
      }
      usual.println("small");
    }
  }

  @Test
  void gigabytesThatTasksPrintTakeNoRoomHere(@TempDir Path logs) throws Exception {
    try (OtherProgram program = OtherProgram.start(temp, Flooded.class, SMALL, logs.toString())) {
      assertThat(program.says()).isEqualTo("" + GIGABYTE);
      assertThat(program.says()).isEqualTo("small");
      assertThat(program.process().waitFor()).isZero();
    }
    assertThat(temp).isEmptyDirectory();
  }

  /// What a JVM has of the things that leak.
  private record Things(long handles, long threads, long processes, long files, long heap) {
    private static final long SOME_HEAP = 1 << 20;

    static Things now(Path temp) {
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      return new Things(
          count(Path.of("/proc/self/fd")),
          Thread.getAllStackTraces().size(),
          ProcessHandle.current().descendants().count(),
          Stream.of(temp.toFile().listFiles(File::isDirectory))
              .mapToLong(directory -> count(directory.toPath()))
              .sum(),
          runtime.totalMemory() - runtime.freeMemory());
    }

    private static long count(Path directory) {
      String[] names = directory.toFile().list();
      return names == null ? 0 : names.length;
    }

    /// Timers and the like come and go.
    boolean isLike(Things before) {
      return handles <= before.handles + 2
          && threads <= before.threads + 2
          && processes <= before.processes
          && files <= before.files
          && heap <= before.heap + SOME_HEAP;
    }
  }

  /// A program that makes hundreds of runs, and loses a worker in some.
  static final class Runs {
    private static final int RUNS = 300;
    private static final int INPUTS = 40;

    private Runs() {}

    public static void main(String[] args) throws Exception {
      Path temp = Path.of(args[0]);
      for (int run = 0; run < 20; run++) {
        one(run);
      }
      Things before = Things.now(temp);

      for (int run = 0; run < RUNS; run++) {
        one(run);
      }

      Things after = Things.now(temp);
      long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      while (!after.isLike(before) && System.nanoTime() < deadline) {
        Thread.sleep(100);
        after = Things.now(temp);
      }
      System.out.println(after.isLike(before) ? "nothing is left" : before + " became " + after);
    }

    /// One in ten loses a worker, one in ten captures an array that is shared, one in ten is left.
    private static void one(int run) {
      double[] array = new double[run % 10 == 3 ? 200_000 : 1];
      Fan fan = Fan.on(Processes.of(2).heap("64m"));
      try (Stream<Outcome<Integer, Integer>> outcomes =
          fan.outcomes(
              Range.of(0, INPUTS),
              i -> {
                if (run % 10 == 7 && i == INPUTS / 2) {
                  Runtime.getRuntime().halt(1);
                }
                return i + array.length;
              })) {
        long lost = outcomes.limit(run % 10 == 5 ? 3 : INPUTS).filter(Runs::isLost).count();
        if (lost != (run % 10 == 7 ? 1 : 0)) {
          throw new IllegalStateException(lost + " inputs were lost in run " + run);
        }
      }
    }

    private static boolean isLost(Outcome<Integer, Integer> outcome) {
      return outcome instanceof Outcome.Failed;
    }
  }

  @Test
  void hundredsOfRunsAmongThemSomeThatLoseWorkersLeaveNothing() throws Exception {
    try (OtherProgram program = OtherProgram.start(temp, Runs.class, SMALL, temp.toString())) {
      assertThat(program.says()).isEqualTo("nothing is left");
      assertThat(program.process().waitFor()).isZero();
    }
    assertThat(temp).isEmptyDirectory();
  }
}

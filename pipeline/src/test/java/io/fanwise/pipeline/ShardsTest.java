package io.fanwise.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanwise.Fan;
import io.fanwise.Range;
import io.fanwise.work.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A run of a shard knows what it has done, at no greater cost than one of everything.
class ShardsTest {
  @TempDir Path folder;

  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void nothingOutlivesTheTest() {
    started.forEach(Process::destroyForcibly);
  }

  @Test
  void aShardOfMillionsTakesSomeKilobytesOfJournal() throws IOException {
    Pipeline<Integer, String> pipeline =
        Pipeline.read(Source.of("numbers", Range.of(0, 2_000_000)))
            .shard(1, 2)
            .map(_ -> "")
            .write(Sink.lines(folder.resolve("answers")))
            .version("nothing")
            .durability(Durability.PROCESS);

    Summary summary = pipeline.run(Fan.threads(2));

    assertThat(summary.done()).isEqualTo(1_000_000);
    assertThat(Files.size(folder.resolve("answers.fan/journal"))).isLessThan(100_000);
    assertThat(pipeline.run(Fan.threads(2)).before()).isEqualTo(1_000_000);
  }

  @Test
  void whatIsDoneOfAShardIsKnownWhenOtherInputsAreRun() throws IOException {
    int inputs = 300_000;
    Fan fan = Fan.threads(2);

    Summary half = shard(2, 2, inputs, i -> i).run(fan);
    Summary third = shard(2, 3, inputs, i -> i).evenIfChanged().run(fan);
    Summary all = shard(1, 1, inputs, i -> i).evenIfChanged().run(fan);

    assertThat(half.done()).isEqualTo(inputs / 2);
    assertThat(third.before()).isEqualTo(inputs / 2);
    assertThat(third.done()).isEqualTo(inputs / 2 + inputs / 6);
    assertThat(all.before()).isEqualTo(inputs / 2 + inputs / 6);
    assertThat(Outcomes.ofFiles(answers())).hasSize(inputs).doesNotHaveDuplicates();
    assertThat(RunState.read(folder.resolve("answers.jsonl.fan")).done()).isEqualTo(inputs);
  }

  @Test
  void whatFailedOfAShardIsRunAgainOnce() throws IOException {
    AtomicBoolean failing = new AtomicBoolean(true);
    Task<Integer, Integer> task =
        i -> {
          if (failing.get() && i % 5 == 0) {
            throw new IllegalStateException("not yet");
          }
          return i;
        };

    Summary first = shard(3, 4, 1_000, task).version("1").run(Fan.threads(2));
    RunState state = RunState.read(folder.resolve("answers.jsonl.fan"));
    failing.set(false);
    Summary second = shard(3, 4, 1_000, task).version("1").retryFailed().run(Fan.threads(2));

    assertThat(first.failed()).isEqualTo(50);
    assertThat(state.hasFailed(10)).isTrue();
    assertThat(state.isDone(14)).isTrue();
    assertThat(state.isDone(15)).isFalse();
    assertThat(second.done()).isEqualTo(250);
    assertThat(second.failed()).isZero();
    assertThat(second.failures()).isEmptyFile();
    assertThat(Outcomes.ofFiles(answers())).containsExactlyInAnyOrderElementsOf(every(4, 2, 1_000));
  }

  @Test
  @Timeout(value = 3, unit = TimeUnit.MINUTES) // six JVMs
  void aShardThatWasKilledGoesOnWhereItWas() throws Exception {
    for (int kills = 0; kills < 5; kills++) {
      Process program = start((kills + 1) * Program.EACH);
      awaitCommit(program);
      assertThat(program.isAlive()).as(log()).isTrue();
      program.destroyForcibly().waitFor();
    }
    Process last = start(Program.INPUTS);

    assertThat(last.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(last.exitValue()).as(log()).isZero();
    assertThat(Outcomes.ofFiles(answers()))
        .containsExactlyInAnyOrderElementsOf(every(3, 1, Program.INPUTS));
  }

  private Path answers() {
    return folder.resolve("answers.jsonl");
  }

  private Pipeline<Integer, Integer> shard(
      int shard, int of, int inputs, Task<Integer, Integer> task) {
    return Pipeline.read(Source.of("numbers", Range.of(0, inputs)))
        .shard(shard, of)
        .map(task)
        .write(Sink.jsonLines(answers()));
  }

  private static List<Integer> every(int step, int from, int to) {
    return IntStream.range(from, to).filter(i -> i % step == from).boxed().toList();
  }

  private String log() throws IOException {
    return Files.readString(folder.resolve("log"));
  }

  /// Waits until a program has made something safe, so that there is something to lose.
  private void awaitCommit(Process program) {
    Path journal = folder.resolve("answers.jsonl.fan/journal");
    long before = journal.toFile().length();
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> !program.isAlive() || journal.toFile().length() > before);
  }

  private Process start(int limit) throws IOException {
    Process program =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName(),
                answers().toString(),
                Integer.toString(limit))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    started.add(program);
    return program;
  }

  /// The run that is killed.
  static final class Program {
    /// So many more inputs can be done with each sitting; the rest waits to be killed.
    static final int EACH = 3_000;

    static final int INPUTS = 6 * EACH;

    private Program() {}

    public static void main(String[] args) {
      int limit = Integer.parseInt(args[1]);
      Pipeline.read(Source.of("numbers", Range.of(0, INPUTS)))
          .shard(2, 3)
          .map(i -> {
            Thread.sleep(i >= limit ? Duration.ofMinutes(5) : Duration.ofMillis(2 + i % 5));
            return i;
          })
          .write(Sink.jsonLines(Path.of(args[0])))
          .version("the number itself")
          .durability(Durability.PROCESS) // the machine goes on
          .run(Fan.virtualThreads(20));
    }
  }
}

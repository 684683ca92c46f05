package io.fanwise.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.jerolba.carpet.CarpetReader;
import io.fanwise.Fan;
import io.fanwise.Range;
import io.fanwise.pipeline.Pipeline;
import io.fanwise.pipeline.RunRefused;
import io.fanwise.pipeline.Source;
import io.fanwise.pipeline.Summary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetTest {
  @TempDir Path folder;

  record Answer(String name, long count, double score, boolean good, List<Integer> parts) {}

  /// As the library's own reader sees it.
  record Stored(long index, String name, Long count, Double score, Boolean good, String parts) {}

  record Numbered(long index, Long result) {}

  @Test
  void theComponentsOfARecordAreItsColumns() throws IOException {
    Path answers = folder.resolve("answers.parquet");

    Pipeline.read(numbers(3))
        .map(i -> new Answer("ü" + i, i, i / 2.0, i > 1, List.of(i)))
        .write(Parquet.file(answers))
        .run(Fan.sequential());

    assertThat(read(answers, Stored.class))
        .containsExactly(
            new Stored(0, "ü0", 0L, 0.0, false, "[0]"),
            new Stored(1, "ü1", 1L, 0.5, false, "[1]"),
            new Stored(2, "ü2", 2L, 1.0, true, "[2]"));
    assertThat(Files.exists(folder.resolve("answers.parquet.parts"))).isFalse();
  }

  @Test
  void aResultThatDoesNotFitFailsAlone() throws IOException {
    Path answers = folder.resolve("answers.parquet");
    Map<String, Object> nothing = new HashMap<>();
    nothing.put("result", null);

    Summary summary =
        Pipeline.read(numbers(5))
            .<Map<String, Object>>map(i ->
                switch (i) {
                  case 1 -> Map.of("result", "text");
                  case 2 -> Map.of("more", 1);
                  case 3 -> nothing;
                  default -> Map.of("result", i);
                })
            .write(Parquet.file(answers))
            .run(Fan.sequential());

    assertThat(read(answers, Numbered.class))
        .containsExactly(new Numbered(0, 0L), new Numbered(3, null), new Numbered(4, 4L));
    assertThat(Files.readString(summary.failures()))
        .contains("text (String) does not fit column result", "no column \\\"more\\\"");
  }

  @Test
  void whatWasInterruptedGoesOnInOtherParts() throws IOException {
    Path answers = folder.resolve("answers.parquet");
    Thread caller = Thread.currentThread();
    boolean[] first = {true};
    Pipeline<Integer, Integer> pipeline =
        Pipeline.read(numbers(1_000))
            .<Integer>map(i -> {
              if (first[0] && i == 500) {
                caller.interrupt();
              }
              return i;
            })
            .write(Parquet.file(answers));
    assertThatThrownBy(() -> pipeline.run(Fan.threads(2).batch(1)))
        .isInstanceOf(CancellationException.class);
    Thread.interrupted();
    Path parts = folder.resolve("answers.parquet.parts");
    Files.writeString(parts.resolve("00000002.parquet"), "not committed");
    Files.writeString(parts.resolve("00000002.tmp"), "half");
    first[0] = false;

    pipeline.run(Fan.threads(2));
    Summary again = pipeline.run(Fan.threads(2));

    assertThat(again.before()).isEqualTo(1_000);
    assertThat(indexes(answers))
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 1_000).boxed().toList());
  }

  @Test
  void aPartThatIsGoneIsMissed() throws IOException {
    Path answers = folder.resolve("answers.parquet");
    Pipeline<Integer, Integer> pipeline =
        Pipeline.read(numbers(10)).<Integer>map(i -> i).write(Parquet.file(answers));
    pipeline.run(Fan.sequential());
    Files.delete(answers);

    assertThatThrownBy(() -> pipeline.run(Fan.sequential()))
        .isInstanceOf(RunRefused.class)
        .hasMessageContaining("answers.parquet is gone");
  }

  @Test
  void afterManyKillsEveryInputIsInTheFileOnce() throws Exception {
    Random random = new Random(17);
    int kills = 0;
    Process program = start();
    while (kills < 50 && !program.waitFor(500 + random.nextInt(1_500), TimeUnit.MILLISECONDS)) {
      program.destroyForcibly().waitFor();
      kills++;
      program = start();
    }

    boolean ended = program.waitFor(2, TimeUnit.MINUTES);

    assertThat(ended).isTrue();
    assertThat(program.exitValue()).as(Files.readString(folder.resolve("log"))).isZero();
    assertThat(indexes(folder.resolve("answers.parquet")))
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, Program.INPUTS).boxed().toList());
    assertThat(Files.exists(folder.resolve("answers.parquet.parts"))).isFalse();
  }

  private Process start() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            Program.class.getName(),
            folder.toString())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("log").toFile())
        .start();
  }

  /// The run that is killed.
  static final class Program {
    private static final int INPUTS = 20_000;

    private Program() {}

    public static void main(String[] args) {
      Path folder = Path.of(args[0]);
      Pipeline.read(numbers(INPUTS))
          .map(i -> {
            Thread.sleep(i % 5 + 4);
            return i;
          })
          .write(new OftenCommitted(Parquet.file(folder.resolve("answers.parquet"))))
          .run(Fan.virtualThreads(30));
    }
  }

  private static List<Integer> indexes(Path file) throws IOException {
    return read(file, Numbered.class).stream().map(row -> (int) row.index()).toList();
  }

  private static <T> List<T> read(Path file, Class<T> type) throws IOException {
    List<T> rows = new ArrayList<>();
    try (Stream<T> each = new CarpetReader<>(file.toFile(), type).stream()) {
      each.forEach(rows::add);
    }
    return rows;
  }

  private static Source<Integer> numbers(int count) {
    return Source.of("numbers to " + count, Range.of(0, count));
  }
}

package io.fanwise.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.Fan;
import io.fanwise.Range;
import io.fanwise.Rate;
import io.fanwise.rows.Row;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PipelineTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  @TempDir Path folder;

  @Test
  void everyInputHasItsResultInTheOutputOnce() throws IOException {
    Path answers = folder.resolve("answers.jsonl");

    Summary summary =
        Pipeline.read(numbers(10_000))
            .map(i -> i * i)
            .write(Sink.jsonLines(answers))
            .run(Fan.threads(2));

    assertThat(summary.done()).isEqualTo(10_000);
    assertThat(summary.failed()).isZero();
    assertThat(indexes(answers)).containsExactlyInAnyOrderElementsOf(upTo(10_000));
    assertThat(lines(answers))
        .allSatisfy(line -> {
          int index = line.get("index").asInt();
          assertThat(line.get("result").asInt()).isEqualTo(index * index);
        });
  }

  @Test
  void aRunThatWasCancelledGoesOnWhereItStopped() throws IOException {
    Path answers = folder.resolve("answers.jsonl");
    List<Integer> called = Collections.synchronizedList(new ArrayList<>());
    Thread caller = Thread.currentThread();
    AtomicInteger until = new AtomicInteger(500);
    Pipeline<Integer, Integer> pipeline =
        Pipeline.read(numbers(1_000))
            .<Integer>map(i -> {
              called.add(i);
              if (called.size() == until.get()) {
                caller.interrupt();
              }
              return i;
            })
            .write(Sink.jsonLines(answers));

    assertThatThrownBy(() -> pipeline.run(Fan.threads(2).batch(1)))
        .isInstanceOf(CancellationException.class);
    boolean interrupted = Thread.interrupted();
    int safe = lines(answers).size();
    until.set(Integer.MAX_VALUE);
    called.clear();
    Summary summary = pipeline.run(Fan.threads(2));

    assertThat(interrupted).isTrue();
    assertThat(safe).isBetween(1, 999);
    assertThat(called).hasSize(1_000 - safe);
    assertThat(summary.before()).isEqualTo(safe);
    assertThat(summary.done()).isEqualTo(1_000);
    assertThat(indexes(answers)).containsExactlyInAnyOrderElementsOf(upTo(1_000));
  }

  @Test
  void aFinishedRunIsNotRunAgain() {
    Path answers = folder.resolve("answers.jsonl");
    AtomicInteger calls = new AtomicInteger();
    Pipeline<Integer, Integer> pipeline =
        Pipeline.read(numbers(100))
            .<Integer>map(i -> calls.incrementAndGet())
            .write(Sink.jsonLines(answers));

    pipeline.run(Fan.threads(2));
    Summary again = pipeline.run(Fan.threads(2));

    assertThat(calls).hasValue(100);
    assertThat(again.done()).isEqualTo(100);
    assertThat(again.before()).isEqualTo(100);
  }

  @Test
  void anInputThatFailsIsKeptWithTheReasonAndEndsNothing() throws IOException {
    Summary summary =
        Pipeline.read(numbers(100))
            .map(i -> {
              if (i % 10 == 3) {
                throw new IOException("no answer for " + i);
              }
              return i;
            })
            .write(Sink.jsonLines(folder.resolve("answers.jsonl")))
            .run(Fan.threads(2));

    assertThat(summary.done()).isEqualTo(90);
    assertThat(summary.failed()).isEqualTo(10);
    assertThat(lines(summary.failures()))
        .hasSize(10)
        .allSatisfy(letter -> {
          int input = letter.get("input").asInt();
          assertThat(letter.get("index").asInt()).isEqualTo(input);
          assertThat(letter.get("error").asString())
              .isEqualTo("java.io.IOException: no answer for " + input);
        });
  }

  @Test
  void whatFailedIsRunAgainWhenAskedFor() throws IOException {
    Path answers = folder.resolve("answers.jsonl");
    AtomicInteger sitting = new AtomicInteger(1);
    List<Integer> called = Collections.synchronizedList(new ArrayList<>());
    Pipeline<Integer, Integer> pipeline =
        Pipeline.read(numbers(100))
            .<Integer>map(i -> {
              called.add(i);
              if (i % 10 == 3 && i / 10 >= sitting.get()) {
                throw new IOException("no answer for " + i);
              }
              return i;
            })
            .write(Sink.jsonLines(answers));
    pipeline.run(Fan.threads(2));

    called.clear();
    sitting.set(5);
    Summary second = pipeline.retryFailed().run(Fan.threads(2));

    assertThat(called).containsExactlyInAnyOrder(13, 23, 33, 43, 53, 63, 73, 83, 93);
    assertThat(second.done()).isEqualTo(95);
    assertThat(second.failed()).isEqualTo(5);
    assertThat(indexes(second.failures())).containsExactlyInAnyOrder(53, 63, 73, 83, 93);

    sitting.set(10);
    Summary third = pipeline.retryFailed().run(Fan.threads(2));

    assertThat(third.failed()).isZero();
    assertThat(third.failures()).isEmptyFile();
    assertThat(indexes(answers)).containsExactlyInAnyOrderElementsOf(upTo(100));
  }

  @Test
  void failuresHaveAFileOfOnesOwnThatIsNotWrittenOverUnasked() throws IOException {
    Path mine = Files.writeString(folder.resolve("mine.jsonl"), "precious");
    Pipeline<Integer, Integer> pipeline =
        Pipeline.read(numbers(10))
            .<Integer>map(i -> i)
            .write(Sink.jsonLines(folder.resolve("answers.jsonl")));

    assertThatThrownBy(() -> pipeline.failures(mine).run(Fan.sequential()))
        .isInstanceOf(RunRefused.class)
        .hasMessageContaining("mine.jsonl is there already (8 bytes)");
    pipeline.failures(folder.resolve("failures.jsonl")).run(Fan.sequential());
    assertThatThrownBy(() -> pipeline.failures(mine).run(Fan.sequential()))
        .isInstanceOf(RunRefused.class)
        .hasMessageContaining("and is now failures to " + mine);

    assertThat(mine).hasContent("precious");
  }

  @Test
  void failuresThatArePackedStaySoWhenTheyAreRunAgain() throws IOException {
    Path failures = folder.resolve("failures.jsonl.gz");
    AtomicInteger good = new AtomicInteger(1);
    Pipeline<Integer, Integer> pipeline =
        Pipeline.read(numbers(10))
            .<Integer>map(i -> {
              if (i >= good.get()) {
                throw new IOException("no answer for " + i);
              }
              return i;
            })
            .write(Sink.jsonLines(folder.resolve("answers.jsonl")))
            .failures(failures);

    pipeline.run(Fan.sequential());
    good.set(8);
    pipeline.retryFailed().run(Fan.sequential());

    try (InputStream unpacked = new GZIPInputStream(Files.newInputStream(failures))) {
      assertThat(new String(unpacked.readAllBytes(), UTF_8))
          .hasLineCount(2)
          .contains("no answer for 8", "no answer for 9");
    }
  }

  @Test
  void ratesTellInputsApartAsTheTaskIsGivenThem() throws IOException {
    Path items = Files.writeString(folder.resolve("items.csv"), "host\na\nb\nb,too,many\na\n");
    List<String> asked = new ArrayList<>();
    Rate perHost =
        Rate.perSecond(1_000)
            .per((Row row) -> {
              asked.add(row.col("host"));
              return row.col("host");
            });

    Summary summary =
        Pipeline.read(Source.csv(items))
            .<String>map(row -> row.col("host"))
            .write(Sink.jsonLines(folder.resolve("answers.jsonl")))
            .run(Fan.virtualThreads(2).rate(perHost));

    assertThat(summary.done()).isEqualTo(3);
    assertThat(summary.failed()).isEqualTo(1);
    assertThat(asked).contains("a", "b");
  }

  @Test
  void aRangeAndAShardKeepTheirPositions() throws IOException {
    Path answers = folder.resolve("answers.jsonl");

    Summary summary =
        Pipeline.read(numbers(100))
            .range(10, 30)
            .shard(2, 3)
            .<Integer>map(i -> i)
            .write(Sink.jsonLines(answers))
            .run(Fan.threads(2));

    assertThat(summary.done()).isEqualTo(7);
    assertThat(indexes(answers)).containsExactlyInAnyOrder(10, 13, 16, 19, 22, 25, 28);
  }

  @Test
  void orderedResultsAreInTheOrderOfInputs() throws IOException {
    Path answers = folder.resolve("answers.jsonl");

    Pipeline.read(numbers(1_000))
        .<Integer>map(i -> i)
        .write(Sink.jsonLines(answers))
        .ordered()
        .run(Fan.threads(2));

    assertThat(indexes(answers)).isEqualTo(upTo(1_000));
  }

  @Test
  void aFileThatIsThereAlreadyIsNotOverwritten() throws IOException {
    Path answers = Files.writeString(folder.resolve("answers.jsonl"), "precious");

    assertThatThrownBy(() ->
            Pipeline.read(numbers(10))
                .map(i -> i)
                .write(Sink.jsonLines(answers))
                .run(Fan.threads(2)))
        .isInstanceOf(RunRefused.class)
        .hasMessageContaining("answers.jsonl is there already (8 bytes), and not from this run");
    assertThat(answers).hasContent("precious");
  }

  @Test
  void anOutputThatWasShortenedIsRefused() throws IOException {
    Path answers = folder.resolve("answers.jsonl");
    Pipeline<Integer, Integer> pipeline =
        Pipeline.read(numbers(10)).<Integer>map(i -> i).write(Sink.jsonLines(answers));
    pipeline.run(Fan.threads(2));
    Files.writeString(answers, "x");

    assertThatThrownBy(() -> pipeline.run(Fan.threads(2)))
        .isInstanceOf(RunRefused.class)
        .hasMessageContaining("answers.jsonl has 1 bytes, but 230 were written");
  }

  @Test
  void aSourceThatFailsEndsTheRunWhichGoesOnThere() throws IOException {
    Path answers = folder.resolve("answers.jsonl");
    AtomicInteger readable = new AtomicInteger(500);
    Source<Integer> failing =
        Source.stream(
            "numbers",
            () ->
                IntStream.range(0, 1_000)
                    .peek(i -> {
                      if (i >= readable.get()) {
                        throw new IllegalStateException("disk error at " + i);
                      }
                    })
                    .boxed());
    Pipeline<Integer, Integer> pipeline =
        Pipeline.read(failing).<Integer>map(i -> i).write(Sink.jsonLines(answers));

    assertThatThrownBy(() -> pipeline.run(Fan.threads(2)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("disk error at 500");
    int safe = lines(answers).size();
    readable.set(1_000);
    Summary summary = pipeline.run(Fan.threads(2));

    assertThat(summary.before()).isEqualTo(safe).isPositive();
    assertThat(indexes(answers)).containsExactlyInAnyOrderElementsOf(upTo(1_000));
  }

  @Test
  void anInterruptBeforeAnythingIsRunCancelsToo() throws IOException {
    Path answers = folder.resolve("answers.jsonl");
    Pipeline<Integer, Integer> pipeline =
        Pipeline.read(numbers(10)).<Integer>map(i -> i).write(Sink.jsonLines(answers));

    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> pipeline.run(Fan.threads(2)))
        .isInstanceOf(CancellationException.class);

    assertThat(Thread.interrupted()).isTrue();
    pipeline.run(Fan.threads(2));
    assertThat(indexes(answers)).hasSize(10);
  }

  @Test
  void whatWasWrittenAfterTheLastCommitIsTakenBack() throws IOException {
    Path answers = folder.resolve("answers.jsonl");
    Pipeline<Integer, Integer> pipeline =
        Pipeline.read(numbers(10)).<Integer>map(i -> i).write(Sink.jsonLines(answers));
    pipeline.run(Fan.threads(2));
    Files.writeString(answers, "{\"index\":3,\"res", UTF_8, StandardOpenOption.APPEND);
    Path journal = folder.resolve("answers.jsonl.fan/journal");
    Files.write(journal, new byte[] {'F', 'A', 'N', '2', 0, 0, 1}, StandardOpenOption.APPEND);

    pipeline.evenIfChanged().run(Fan.threads(2));

    assertThat(Files.size(journal)).isPositive();
    assertThat(indexes(answers)).hasSize(10);
  }

  @Test
  void anotherTaskOnTheSameRunIsRefused() {
    Path answers = folder.resolve("answers.jsonl");
    Pipeline.read(numbers(10)).map(i -> i).write(Sink.jsonLines(answers)).run(Fan.threads(2));

    assertThatThrownBy(() ->
            Pipeline.read(numbers(11))
                .map(i -> i)
                .write(Sink.jsonLines(answers))
                .run(Fan.threads(2)))
        .isInstanceOf(RunRefused.class)
        .hasMessageContaining("the source was numbers to 10, and is now numbers to 11");
  }

  @Test
  void aSecondRunOfTheSameIsRefusedWhileTheFirstIsAtIt() {
    Path answers = folder.resolve("answers.jsonl");
    Pipeline<Integer, Integer> pipeline =
        Pipeline.read(numbers(10)).<Integer>map(i -> i).write(Sink.jsonLines(answers));

    Pipeline.read(numbers(1))
        .map(i -> {
          assertThatThrownBy(() -> pipeline.run(Fan.sequential()))
              .isInstanceOf(RunRefused.class)
              .hasMessageContaining("is in use by process " + ProcessHandle.current().pid());
          return i;
        })
        .write(Sink.jsonLines(answers))
        .run(Fan.threads(2));
  }

  private static Source<Integer> numbers(int count) {
    return Source.of("numbers to " + count, Range.of(0, count));
  }

  private static List<Integer> upTo(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  private static List<Integer> indexes(Path file) throws IOException {
    return lines(file).stream().map(line -> line.get("index").asInt()).toList();
  }

  private static List<JsonNode> lines(Path file) throws IOException {
    return Files.readAllLines(file).stream().map(JSON::readTree).toList();
  }
}

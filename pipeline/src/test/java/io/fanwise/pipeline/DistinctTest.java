package io.fanwise.pipeline;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.Fan;
import io.fanwise.Range;
import io.fanwise.Rate;
import io.fanwise.Retry;
import io.fanwise.work.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Equal inputs are computed once.
class DistinctTest {
  private static final Map<Object, AtomicInteger> CALLS = new ConcurrentHashMap<>();

  @TempDir Path folder;

  private static int called(Object input) {
    return CALLS.computeIfAbsent(input, _ -> new AtomicInteger()).incrementAndGet();
  }

  /// Remainders by ten, so that every tenth input is equal.
  private static Source<Integer> remainders(int count) {
    CALLS.clear();
    return Source.stream("remainders", () -> IntStream.range(0, count).mapToObj(i -> i % 10));
  }

  @Test
  void everyInputHasItsResultAndEqualOnesOneCall() throws IOException {
    Summary summary =
        Pipeline.read(remainders(10_000))
            .distinct()
            .<Integer>map(i -> i * 100 + called(i))
            .write(Sink.jsonLines(answers()))
            .run(Fan.threads(4));

    assertThat(summary.done()).isEqualTo(10_000);
    assertThat(summary.complete()).isTrue();
    assertThat(lines()).hasSize(10_000);
    assertThat(lines().stream().map(line -> line.get("index").asInt()))
        .doesNotHaveDuplicates()
        .hasSize(10_000);
    assertThat(lines())
        .allMatch(line -> line.get("result").asInt() == line.get("index").asInt() % 10 * 100 + 1);
  }

  @Test
  void inOrderEqualInputsStandWhereTheyStand() throws IOException {
    Pipeline.read(remainders(5_000))
        .distinct()
        .<Integer>map(i -> {
          Thread.sleep(20 - 2 * i);
          return i * 100 + called(i);
        })
        .write(Sink.jsonLines(answers()))
        .ordered()
        .run(Fan.threads(4).batch(1));

    assertThat(lines().stream().map(line -> line.get("index").asInt()).toList())
        .isEqualTo(IntStream.range(0, 5_000).boxed().toList());
    assertThat(lines())
        .allMatch(line -> line.get("result").asInt() == line.get("index").asInt() % 10 * 100 + 1);
  }

  @Test
  void equalInputsHoldNoJobAndTakeNoPermitWhileTheFirstIsRunning() throws IOException {
    CountDownLatch others = new CountDownLatch(9);
    Summary summary =
        Pipeline.read(
                Source.stream(
                    "one and others",
                    () -> IntStream.range(0, 50_009).mapToObj(i -> Math.max(0, i - 50_000))))
            .distinct()
            .<Integer>map(i -> {
              others.countDown();
              if (i == 0) {
                others.await(); // those that come after fifty thousand equal ones
              }
              return i;
            })
            .write(Sink.jsonLines(answers()))
            .run(Fan.threads(2).rate(Rate.perSecond(1_000)));

    assertThat(summary.done()).isEqualTo(50_009);
  }

  @Test
  void ratesAreAskedAboutInputs() {
    Summary summary =
        Pipeline.read(remainders(100))
            .distinct()
            .map(i -> i)
            .write(Sink.jsonLines(answers()))
            .run(Fan.threads(2).rate(Rate.perSecond(10_000).<Integer>per(i -> i % 2)));

    assertThat(summary.done()).isEqualTo(100);
    assertThat(summary.failed()).isZero();
  }

  @Test
  void whatCountsMayBePartOfAnInput() throws IOException {
    Path inputs =
        Files.write(
            folder.resolve("in.csv"), List.of("id,name", "1,one", "2,two", "1,uno", "2,due"));
    CALLS.clear();

    Pipeline.read(Source.csv(inputs))
        .distinct(row -> row.col("id"))
        .key(row -> row.col("name"))
        .<String>map(row -> row.col("name") + called(row.col("id")))
        .write(Sink.jsonLines(answers()))
        .write(Sink.csv(folder.resolve("answers.csv"), "result"))
        .write(Sink.folder(folder.resolve("each"), "{index}.txt"))
        .write(Sink.sqlite(folder.resolve("answers.db"), "answers"))
        .ordered()
        .run(Fan.threads(2));

    assertThat(Files.readAllLines(answers()))
        .containsExactly(
            "{\"index\":0,\"key\":\"one\",\"result\":\"one1\"}",
            "{\"index\":1,\"key\":\"two\",\"result\":\"two1\"}",
            "{\"index\":2,\"key\":\"uno\",\"result\":\"one1\"}",
            "{\"index\":3,\"key\":\"due\",\"result\":\"two1\"}");
    assertThat(Files.readAllLines(folder.resolve("answers.csv")))
        .containsExactly("index,result", "0,one1", "1,two1", "2,one1", "3,two1");
    assertThat(folder.resolve("each/3.txt")).hasContent("two1");
  }

  @Test
  void inputsWithoutWhatCountsAreEqualToNone() throws IOException {
    CALLS.clear();

    Pipeline.read(Source.of("words", List.of("a", "b", "a", "b")))
        .distinct(word -> word.equals("a") ? null : word)
        .<Integer>map(DistinctTest::called)
        .write(Sink.jsonLines(answers()))
        .ordered()
        .run(Fan.threads(2).batch(1));

    assertThat(CALLS.get("a")).hasValue(2);
    assertThat(CALLS.get("b")).hasValue(1);
    assertThat(lines()).hasSize(4);
  }

  @Test
  void anInputWhoseSamenessCannotBeToldHasFailed() throws IOException {
    Summary summary =
        Pipeline.read(Source.of("numbers", Range.of(0, 10)))
            .distinct(i -> 12 / (i - 5))
            .map(i -> i)
            .write(Sink.jsonLines(answers()))
            .run(Fan.threads(2));

    assertThat(summary.failed()).isEqualTo(1);
    assertThat(summary.done()).isEqualTo(9);
    assertThat(summary.failures()).content().contains("\"index\":5", "/ by zero", "\"attempts\":0");
  }

  @Test
  void aConditionIsAskedOfEachAndTheFirstIsThatForWhichItHolds() throws IOException {
    CALLS.clear();
    Summary summary =
        Pipeline.read(Source.of("numbers", Range.of(0, 100)))
            .where(i -> i >= 50)
            .distinct(i -> i % 10)
            .<Integer>map(i -> {
              called(i % 10);
              return i;
            })
            .write(Sink.jsonLines(answers()))
            .run(Fan.threads(2));

    assertThat(summary.done()).isEqualTo(50);
    assertThat(summary.leftOut()).isEqualTo(50);
    assertThat(CALLS.values()).hasSize(10).allMatch(calls -> calls.get() == 1);
    assertThat(lines()).allMatch(line -> line.get("result").asInt() >= 50);
  }

  @Test
  void aFailureOfTheFirstIsThatOfAllAndARetryRunsOne() throws IOException {
    CALLS.clear();
    Pipeline<Integer, Integer> pipeline =
        Pipeline.read(remainders(100))
            .distinct()
            .<Integer>map(i -> {
              if (called(i) < 3 && i == 7) {
                throw new IOException("no " + i);
              }
              return i;
            })
            .write(Sink.jsonLines(answers()));

    Summary first = pipeline.run(Fan.threads(2).batch(1));
    String letters = Files.readString(first.failures());
    Summary again = pipeline.retryFailed().run(Fan.threads(2));
    Summary last = pipeline.retryFailed().run(Fan.threads(2));

    assertThat(first.failed()).isEqualTo(10);
    assertThat(first.done()).isEqualTo(90);
    assertThat(letters)
        .contains("\"the equal input 7 has failed: java.io.IOException: no 7\"")
        .contains("\"index\":97");
    assertThat(again.failed()).isEqualTo(10);
    assertThat(last.failed()).isZero();
    assertThat(last.done()).isEqualTo(100);
    assertThat(CALLS.get(7)).hasValue(3);
    assertThat(CALLS.get(8)).hasValue(1);
    assertThat(lines()).hasSize(100);
  }

  @Test
  void attemptsAreThoseOfTheFirst() {
    CALLS.clear();
    Summary summary =
        Pipeline.read(remainders(1_000))
            .distinct()
            .<Integer>map(i -> {
              if (called(i) < 3) {
                throw new IOException("not yet");
              }
              return i;
            })
            .write(Sink.jsonLines(answers()))
            .run(Fan.threads(4).retry(Retry.times(5).backoff(ofMillis(1), ofMillis(2))));

    assertThat(summary.done()).isEqualTo(1_000);
    assertThat(CALLS.values()).hasSize(10).allMatch(calls -> calls.get() == 3);
  }

  @Test
  void whatWasComputedBeforeAnEndIsNotComputedAfterIt() throws IOException {
    Thread caller = Thread.currentThread();
    AtomicInteger until = new AtomicInteger(5_000);
    AtomicInteger calls = new AtomicInteger();
    Map<Integer, AtomicInteger> returned = new ConcurrentHashMap<>();
    Pipeline<Integer, Integer> pipeline =
        Pipeline.read(
                Source.stream("halves", () -> IntStream.range(0, 40_000).mapToObj(i -> i % 20_000)))
            .distinct()
            .<Integer>map(i -> {
              if (calls.incrementAndGet() == until.get()) {
                caller.interrupt();
              }
              returned.computeIfAbsent(i, _ -> new AtomicInteger()).incrementAndGet();
              return i;
            })
            .write(Sink.jsonLines(answers()));

    assertThatThrownBy(() -> pipeline.run(Fan.threads(2)))
        .isInstanceOf(CancellationException.class);
    boolean interrupted = Thread.interrupted();
    until.set(-1);
    Summary summary = pipeline.run(Fan.threads(2));

    assertThat(interrupted).isTrue();
    assertThat(summary.before()).isPositive();
    assertThat(summary.done()).isEqualTo(40_000);
    assertThat(lines().stream().map(line -> line.get("index").asInt()))
        .hasSize(40_000)
        .doesNotHaveDuplicates();
    assertThat(returned).hasSize(20_000);
    assertThat(returned.values().stream().filter(each -> each.get() > 1).count())
        .as("only what was under way is called again")
        .isLessThan(5_000);
    assertThat(folder.resolve("answers.jsonl.fan/distinct.index")).doesNotExist();
  }

  @Test
  void resultsThatWereChangedAreNotGoneOnWith() throws IOException {
    Pipeline<Integer, Integer> pipeline =
        Pipeline.read(remainders(1_000))
            .distinct()
            .<Integer>map(i -> {
              if (i > 5) {
                throw new IOException("no");
              }
              return i;
            })
            .halt(Halt.after(100))
            .write(Sink.jsonLines(answers()));
    pipeline.run(Fan.threads(2));
    Path results = folder.resolve("answers.jsonl.fan/distinct.results");
    byte[] bytes = Files.readAllBytes(results);
    bytes[20] ^= 1;
    Files.write(results, bytes);

    assertThatThrownBy(() -> pipeline.run(Fan.threads(2)))
        .isInstanceOf(RunRefused.class)
        .hasMessageContaining("distinct.results is whole up to byte 0");
    assertThat(pipeline.fresh().run(Fan.threads(2)).done()).isPositive();
  }

  @Test
  void anotherSamenessIsAnotherRun() {
    Source<Integer> source = remainders(10);
    Task<Integer, Integer> task = i -> i;
    Sink<Object> sink = Sink.jsonLines(answers());
    Pipeline.read(source).map(task).write(sink).run(Fan.sequential());

    assertThatThrownBy(
            () -> Pipeline.read(source).distinct().map(task).write(sink).run(Fan.sequential()))
        .isInstanceOf(RunRefused.class)
        .hasMessageContaining("distinct");
  }

  @Test
  void oneByOneOnTheCallersThreadItIsTheSame() throws IOException {
    Summary summary =
        Pipeline.read(remainders(100_000))
            .distinct()
            .<Integer>map(DistinctTest::called)
            .write(Sink.jsonLines(answers()))
            .run(Fan.sequential());

    assertThat(summary.done()).isEqualTo(100_000);
    assertThat(CALLS.values()).allMatch(calls -> calls.get() == 1);
  }

  private Path answers() {
    return folder.resolve("answers.jsonl");
  }

  private List<JsonNode> lines() throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(answers())) {
      lines.add(JsonMapper.shared().readTree(line));
    }
    return lines;
  }
}

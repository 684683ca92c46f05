package io.fanwise.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.Fan;
import io.fanwise.Range;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class WhereTest {

  @TempDir Path folder;

  @Test
  void inputsThatAreLeftOutAreNeitherDoneNorFailedNorLeft() throws IOException {
    Pipeline<Integer, Integer> pipeline =
        Pipeline.read(numbers(10_000))
            .where(i -> i % 10 == 0)
            .<Integer>map(i -> -i)
            .write(Sink.jsonLines(answers()));

    Summary summary = pipeline.run(Fan.threads(2));
    Summary again = pipeline.run(Fan.threads(2));

    assertThat(summary.done()).isEqualTo(1_000);
    assertThat(summary.leftOut()).isEqualTo(9_000);
    assertThat(summary.failed()).isZero();
    assertThat(again.done()).isEqualTo(1_000);
    assertThat(again.leftOut()).isEqualTo(9_000);
    assertThat(again.before()).isEqualTo(1_000);
    assertThat(indexes()).hasSize(1_000).doesNotHaveDuplicates().allMatch(i -> i % 10 == 0);
  }

  @Test
  void whatWasLeftOutBeforeAKillIsCountedOnce() throws IOException {
    Thread caller = Thread.currentThread();
    AtomicInteger until = new AtomicInteger(300);
    AtomicInteger calls = new AtomicInteger();
    Pipeline<Integer, Integer> pipeline =
        Pipeline.read(numbers(1_000))
            .where(i -> i % 2 == 0)
            .<Integer>map(i -> {
              if (calls.incrementAndGet() == until.get()) {
                caller.interrupt();
              }
              return i;
            })
            .write(Sink.jsonLines(answers()));

    assertThatThrownBy(() -> pipeline.run(Fan.threads(2).batch(1)))
        .isInstanceOf(CancellationException.class);
    boolean interrupted = Thread.interrupted();
    until.set(-1);
    Summary summary = pipeline.run(Fan.threads(2));

    assertThat(interrupted).isTrue();
    assertThat(summary.before()).isBetween(1L, 499L);
    assertThat(summary.done()).isEqualTo(500);
    assertThat(summary.leftOut()).isEqualTo(500);
    assertThat(indexes()).hasSize(500).doesNotHaveDuplicates();
  }

  @Test
  void allConditionsMustHoldInTheOrderOfInputs() throws IOException {
    Pipeline.read(numbers(100))
        .where(i -> i % 2 == 0)
        .range(0, 50)
        .where(i -> i % 3 == 0)
        .map(i -> i)
        .write(Sink.jsonLines(answers()))
        .ordered()
        .run(Fan.threads(2));

    assertThat(indexes()).containsExactly(0, 6, 12, 18, 24, 30, 36, 42, 48);
  }

  @Test
  void aConditionThatThrowsIsTheFailureOfThatInput() throws IOException {
    Summary summary =
        Pipeline.read(numbers(10))
            .where(i -> 12 / (i - 5) > 0)
            .map(i -> i)
            .write(Sink.jsonLines(answers()))
            .run(Fan.threads(2));

    assertThat(summary.failed()).isEqualTo(1);
    assertThat(summary.done()).isEqualTo(4);
    assertThat(summary.leftOut()).isEqualTo(5);
    assertThat(summary.failures()).content().contains("\"index\":5").contains("/ by zero");
  }

  @Test
  void anotherConditionIsAnotherRun() {
    Pipeline.read(numbers(10))
        .where(i -> i > 5)
        .map(i -> i)
        .write(Sink.jsonLines(answers()))
        .run(Fan.threads(2));

    assertThatThrownBy(() ->
            Pipeline.read(numbers(10))
                .where(i -> i > 3)
                .map(i -> i)
                .write(Sink.jsonLines(answers()))
                .run(Fan.threads(2)))
        .isInstanceOf(RunRefused.class);
  }

  private Path answers() {
    return folder.resolve("answers.jsonl");
  }

  private List<Integer> indexes() throws IOException {
    return Files.readAllLines(answers()).stream()
        .map(line -> JsonMapper.shared().readTree(line).get("index").asInt())
        .toList();
  }

  private static Source<Integer> numbers(int count) {
    return Source.of("numbers", Range.of(0, count));
  }
}

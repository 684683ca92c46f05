package io.fanwise.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.Fan;
import io.fanwise.Range;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchedPipelineTest {
  @TempDir Path folder;

  @Test
  void theLastSnapshotSaysHowItWent() throws IOException {
    List<RunProgress> seen = new ArrayList<>();
    Path answers = folder.resolve("answers.jsonl");

    Pipeline.read(numbers(100))
        .map(i -> {
          if (i % 10 == 3) {
            throw new IOException("no answer");
          }
          return i;
        })
        .write(Sink.jsonLines(answers))
        .progress(seen::add)
        .run(Fan.threads(2));

    RunProgress last = seen.getLast();
    assertThat(last.done()).isEqualTo(90);
    assertThat(last.failed()).isEqualTo(10);
    assertThat(last.before()).isZero();
    assertThat(last.total()).hasValue(100);
    assertThat(last.bytes()).isEqualTo(Files.size(answers));
    assertThat(last.committed()).isPresent();
    assertThat(last.median()).isPositive().isLessThanOrEqualTo(last.slow());
    assertThat(seen).filteredOn(RunProgress::finished).containsExactly(last);
  }

  @Test
  void earlierSittingsAreCounted() {
    List<RunProgress> seen = new ArrayList<>();
    Pipeline<Integer, Integer> pipeline =
        Pipeline.read(numbers(100))
            .range(0, 100)
            .<Integer>map(WatchedPipelineTest::notThirteen)
            .write(Sink.jsonLines(folder.resolve("answers.jsonl")))
            .version("1");
    pipeline.halt(Halt.after(1).soon()).run(Fan.threads(1).batch(1));

    pipeline.progress(seen::add).run(Fan.threads(2));

    RunProgress last = seen.getLast();
    assertThat(last.before()).isPositive();
    assertThat(last.done()).isEqualTo(99);
    assertThat(last.failed()).isEqualTo(1);
  }

  @Test
  void whatFailsIsToldAsItFails() {
    List<FailedInput> failed = new ArrayList<>();

    Pipeline.read(numbers(20))
        .<Integer>map(WatchedPipelineTest::notThirteen)
        .write(Sink.jsonLines(folder.resolve("answers.jsonl")))
        .onFailure(failed::add)
        .run(Fan.threads(2));

    assertThat(failed)
        .singleElement()
        .satisfies(each -> {
          assertThat(each.position()).isEqualTo(13);
          assertThat(each.input()).isEqualTo(13);
          assertThat(each.error()).hasMessage("unlucky");
        });
  }

  @Test
  void aListenerThatThrowsEndsTheRunBeforeTheFailureIsNoted() {
    Pipeline<Integer, Integer> pipeline =
        Pipeline.read(numbers(20))
            .<Integer>map(WatchedPipelineTest::notThirteen)
            .write(Sink.jsonLines(folder.resolve("answers.jsonl")));

    assertThatThrownBy(() ->
            pipeline
                .onFailure(_ -> {
                  throw new IllegalStateException("hopeless");
                })
                .run(Fan.threads(1).batch(1)))
        .hasMessage("hopeless");
    Summary summary = pipeline.run(Fan.threads(2));

    assertThat(summary.before()).isLessThan(20);
    assertThat(summary.done()).isEqualTo(19);
    assertThat(summary.failed()).isEqualTo(1);
  }

  @Test
  void aRunIsGivenUpAfterSoManyFailuresAndGoesOnLater() {
    Pipeline<Integer, Integer> pipeline =
        Pipeline.read(numbers(1_000))
            .<Integer>map(WatchedPipelineTest::notThirteen)
            .write(Sink.jsonLines(folder.resolve("answers.jsonl")))
            .ordered();

    Summary now = pipeline.halt(Halt.after(1)).run(Fan.threads(1).batch(1));
    Summary all = pipeline.run(Fan.threads(2));

    assertThat(now.complete()).isFalse();
    assertThat(now.done() + now.failed()).isLessThan(1_000);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    assertThat(all.complete()).isTrue();
    assertThat(all.done()).isEqualTo(999);
    assertThat(all.failed()).isEqualTo(1);
  }

  @Test
  void aShareOfNothingIsRefused() {
    assertThatThrownBy(() -> Halt.share(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("say after(1) for the first failure");
  }

  @Test
  void aRunIsGivenUpWhenAShareFails() {
    Summary summary =
        Pipeline.read(numbers(1_000))
            .<Integer>map(i -> {
              throw new IllegalStateException("down");
            })
            .write(Sink.jsonLines(folder.resolve("answers.jsonl")))
            .halt(Halt.share(0.5).soon())
            .run(Fan.threads(1).batch(1));

    assertThat(summary.complete()).isFalse();
    assertThat(summary.failed()).isBetween(20L, 999L);
  }

  @Test
  void whatCameBeforeASourceBrokeIsSafe() {
    Path answers = folder.resolve("answers.jsonl");
    Iterable<Integer> breaks =
        () -> {
          Iterator<Integer> each = IntStream.range(0, 100).iterator();
          return new Iterator<>() {
            private int read;

            @Override
            public boolean hasNext() {
              if (read == 50) {
                throw new IllegalStateException("the line went dead");
              }
              return each.hasNext();
            }

            @Override
            public Integer next() {
              read++;
              return each.next();
            }
          };
        };

    assertThatThrownBy(() ->
            Pipeline.read(Source.of("numbers", breaks))
                .map(i -> i)
                .write(Sink.jsonLines(answers))
                .version("1")
                .run(Fan.threads(2)))
        .hasMessage("the line went dead");
    Summary summary =
        Pipeline.read(Source.of("numbers", Range.of(0, 100)))
            .map(i -> i)
            .write(Sink.jsonLines(answers))
            .version("1")
            .run(Fan.threads(2));

    assertThat(summary.before()).isEqualTo(50);
    assertThat(summary.done()).isEqualTo(100);
  }

  @Test
  void theStateCanBeReadWhileTheRunGoesOn() throws IOException {
    Path answers = folder.resolve("answers.jsonl");
    Path state = folder.resolve("answers.jsonl.fan");
    List<Boolean> held = new ArrayList<>();

    Pipeline.read(numbers(10))
        .map(i -> {
          synchronized (held) {
            held.add(RunState.read(state).holder().isPresent());
          }
          return i;
        })
        .write(Sink.jsonLines(answers))
        .command(Path.of("/work"), List.of("map", "x"))
        .run(Fan.threads(1));
    RunState after = RunState.read(state);

    assertThat(held).containsOnly(true);
    assertThat(after.holder()).isEmpty();
    assertThat(after.done()).isEqualTo(10);
    assertThat(after.complete()).isTrue();
    assertThat(after.command()).containsExactly("map", "x");
    assertThat(after.isDone(9)).isTrue();
    assertThat(after.isDone(10)).isFalse();
  }

  @Test
  void quantilesAreWithinSixPercent() {
    Latencies latencies = new Latencies();
    for (int i = 1; i <= 1_000; i++) {
      latencies.add(Duration.ofMillis(i));
    }

    assertThat(latencies.quantile(0.5).toMillis()).isBetween(500L, 532L);
    assertThat(latencies.quantile(0.99).toMillis()).isBetween(990L, 1_055L);
    assertThat(new Latencies().quantile(0.5)).isZero();
  }

  @Test
  void aShardKnowsHowManyInputsItHas() {
    for (int shard = 1; shard <= 3; shard++) {
      Selection part = new Selection(10, 30, shard, 3);
      long counted = IntStream.range(0, 25).filter(part::contains).count();

      assertThat(part.count(25)).isEqualTo(counted);
    }
  }

  private static Integer notThirteen(int i) {
    if (i == 13) {
      throw new IllegalStateException("unlucky");
    }
    return i;
  }

  private static Source<Integer> numbers(int count) {
    return Source.of("numbers to " + count, Range.of(0, count));
  }
}

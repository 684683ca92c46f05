package io.fanwise.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.Fan;
import io.fanwise.Range;
import io.fanwise.Retry;
import io.fanwise.work.EndsRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What becomes of a run whose task says that others would fail too.
class StoppedPipelineTest {
  @TempDir Path folder;

  /// What a service says to whom it does not know.
  private static final class WrongKey extends IOException implements EndsRun {
    private static final long serialVersionUID = 1;

    WrongKey() {
      super("401 wrong key");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void itStopsAtOnceAndGoesOnWhenThatIsPutRight(boolean ordered) throws IOException {
    Path answers = folder.resolve("answers.jsonl");
    AtomicBoolean known = new AtomicBoolean();
    AtomicInteger calls = new AtomicInteger();
    List<FailedInput> failed = new ArrayList<>();
    Pipeline<Integer, Integer> asTheyFinish =
        Pipeline.read(Source.of("numbers", Range.of(0, 100_000)))
            .<Integer>map(i -> {
              calls.incrementAndGet();
              if (i >= 300 && !known.get()) {
                throw new WrongKey();
              }
              return i;
            })
            .write(Sink.jsonLines(answers))
            .version("1")
            .onFailure(failed::add);
    Pipeline<Integer, Integer> pipeline = ordered ? asTheyFinish.ordered() : asTheyFinish;
    Fan fan = Fan.virtualThreads(20).retry(Retry.times(3));

    assertThatThrownBy(() -> pipeline.run(fan))
        .isInstanceOf(RunStopped.class)
        .hasMessageMatching(
            "Stopped at input \\d+, as others would fail too: 401 wrong key."
                + " What is done is safe; run it again when that is put right")
        .hasCauseInstanceOf(WrongKey.class);
    int stoppedAfter = calls.get();
    RunState stopped = RunState.read(folder.resolve("answers.jsonl.fan"));
    known.set(true);
    Summary all = pipeline.run(fan);

    assertThat(stoppedAfter).isLessThan(50_000);
    assertThat(stopped.failed()).isZero();
    assertThat(stopped.complete()).isFalse();
    assertThat(failed).isEmpty();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    assertThat(all.done()).isEqualTo(100_000);
    assertThat(all.failed()).isZero();
    assertThat(Files.readAllLines(answers)).hasSize(100_000).doesNotHaveDuplicates();
  }

  @Test
  void oneThatIsSlowDoesNotKeepAnOrderedRunFromStopping() {
    CountDownLatch never = new CountDownLatch(1);
    Pipeline<Integer, Integer> pipeline =
        Pipeline.read(Source.of("numbers", Range.of(0, 1_000)))
            .<Integer>map(i -> {
              if (i == 0) {
                never.await();
              }
              throw new WrongKey();
            })
            .write(Sink.jsonLines(folder.resolve("answers.jsonl")))
            .version("1")
            .ordered();

    assertThatThrownBy(() -> pipeline.run(Fan.virtualThreads(2))).isInstanceOf(RunStopped.class);
  }
}

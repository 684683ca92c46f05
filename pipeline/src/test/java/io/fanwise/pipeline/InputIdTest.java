package io.fanwise.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.Fan;
import io.fanwise.Range;
import io.fanwise.Retry;
import io.fanwise.work.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a task is told of the run and the input it works on.
class InputIdTest {
  @TempDir Path folder;

  /// Fails on each input at first, and notes what it is told.
  private record Asking(Queue<String> told, int failures)
      implements Task<Integer, Integer>, InputId.Wanted {

    @Override
    public Integer run(Integer input) throws IOException {
      String id = InputId.current().orElseThrow().toString();
      told.add(id);
      if (told.stream().filter(id::equals).count() <= failures) {
        throw new IOException("again");
      }
      return input;
    }
  }

  private Pipeline<Integer, Integer> pipeline(Task<Integer, Integer> task, int count) {
    return Pipeline.read(Source.of("numbers", Range.of(0, count)))
        .map(task)
        .write(Sink.jsonLines(folder.resolve("answers.jsonl")))
        .version("1");
  }

  @Test
  void itIsTheSameForEachAttemptAndSittingAndAnotherForEachInput() {
    Asking asking = new Asking(new ConcurrentLinkedQueue<>(), 3);
    Fan fan = Fan.virtualThreads(4).retry(Retry.times(1).backoff(Duration.ZERO, Duration.ZERO));

    Summary failed = pipeline(asking, 10).run(fan);
    Summary retried = pipeline(asking, 10).retryFailed().run(fan);

    assertThat(failed.failed()).isEqualTo(10);
    assertThat(retried.done()).isEqualTo(10);
    assertThat(asking.told()).hasSize(40);
    assertThat(asking.told().stream().distinct()).hasSize(10);
    assertThat(asking.told()).allMatch(id -> id.matches("\\S+-[0-9]"));
  }

  @Test
  void anotherRunIsCalledOtherwise() {
    Asking asking = new Asking(new ConcurrentLinkedQueue<>(), 0);

    pipeline(asking, 1).run(Fan.sequential());
    pipeline(asking, 1).fresh().run(Fan.sequential());

    assertThat(asking.told()).hasSize(2).doesNotHaveDuplicates();
  }

  @Test
  void whoDoesNotAskIsNotTold() {
    Queue<Boolean> told = new ConcurrentLinkedQueue<>();

    pipeline(i -> told.add(InputId.current().isPresent()) ? i : 0, 1).run(Fan.sequential());

    assertThat(told).containsExactly(false);
  }

  @Test
  void outsideAPipelineWhoeverRunsATaskCanSay() {
    InputId id = new InputId("test", 7);

    assertThat(id.<String, RuntimeException>during(() -> "" + InputId.current().orElseThrow()))
        .isEqualTo("test-7");
    assertThat(InputId.current()).isEmpty();
    assertThatThrownBy(() -> new InputId("test", -1)).hasMessage("a position is 0 or more, was -1");
  }
}

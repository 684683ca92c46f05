package io.fanwise.pipeline;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanwise.Fan;
import io.fanwise.Range;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandingOverTest {
  private static final int INPUTS = 30_000;

  @TempDir Path folder;

  @Test
  void whatCameTogetherIsSafeBeforeTheNextIsWaitedFor() {
    Path answers = folder.resolve("answers.jsonl");

    Summary summary =
        Pipeline.read(Source.of("numbers", Range.of(0, 6)))
            .map(i -> {
              if (i == 3) {
                Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> Files.readAllLines(answers).size() == 3);
              }
              return i;
            })
            .write(Sink.jsonLines(answers))
            .run(Fan.threads(1).batch(3));

    assertThat(summary.done()).isEqualTo(6);
  }

  @Test
  void whateverBecomesOfSomeTheOthersAreWrittenInOrder() throws IOException {
    Path whole = folder.resolve("whole.jsonl");
    Path parts = folder.resolve("parts.jsonl");
    Path lines = folder.resolve("lines.txt");

    Pipeline<Integer, String> pipeline =
        Pipeline.read(Source.of("numbers", Range.of(0, INPUTS)))
            .where(i -> i % 7 != 0)
            .map(HandingOverTest::answer);
    Summary alone = pipeline.ordered().write(Sink.jsonLines(whole)).run(Fan.threads(2));
    Summary among =
        pipeline
            .ordered()
            .write(Sink.jsonLines(parts).parts(Parts.ofCount(INPUTS)))
            .write(Sink.lines(lines))
            .run(Fan.threads(2));

    List<Integer> answered =
        IntStream.range(0, INPUTS).filter(i -> i % 7 != 0 && i % 13 != 0).boxed().toList();
    assertThat(List.of(alone.done(), among.done())).containsOnly((long) answered.size());
    assertThat(alone.failed()).isEqualTo(among.failed());
    assertThat(alone.done() + alone.failed() + alone.leftOut()).isEqualTo(INPUTS);
    assertThat(Files.readString(whole))
        .isEqualTo(
            answered.stream()
                .map(i -> "{\"index\":%d,\"result\":\"answer %d\"}\n".formatted(i, i))
                .collect(joining()));
    assertThat(folder.resolve("parts-00001.jsonl")).hasSameTextualContentAs(whole);
    assertThat(Files.readAllLines(lines))
        .isEqualTo(answered.stream().map(i -> "answer " + i).toList());
  }

  private static String answer(int i) {
    if (i % 13 == 0) {
      throw new IllegalArgumentException("unlucky");
    }
    return "answer " + i;
  }
}

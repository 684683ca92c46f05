package io.fanwise.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.Fan;
import io.fanwise.Range;
import io.fanwise.rows.Bookmark;
import io.fanwise.rows.Reading;
import io.fanwise.rows.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartsTest {
  @TempDir Path folder;

  @Test
  void aPartHasAsManyResultsAsIsSaidAndAHeaderOfItsOwn() throws IOException {
    Pipeline.read(numbers(5))
        .map(i -> i * i)
        .write(Sink.csv(folder.resolve("answers.csv")).parts(Parts.ofCount(2)))
        .run(Fan.sequential());

    assertThat(files())
        .containsExactly("answers-00001.csv", "answers-00002.csv", "answers-00003.csv");
    assertThat(folder.resolve("answers-00002.csv")).hasContent("index,result\n2,4\n3,9\n");
    assertThat(folder.resolve("answers-00003.csv")).hasContent("index,result\n4,16\n");
  }

  @Test
  void aPartIsFullAtItsSize() throws IOException {
    Pipeline.read(numbers(100))
        .map(i -> "x".repeat(90))
        .write(Sink.lines(folder.resolve("answers.txt")).parts(Parts.ofBytes(1_000)))
        .run(Fan.sequential());

    assertThat(files()).hasSize(10);
    assertThat(folder.resolve("answers-00001.txt")).hasSize(11 * 91);
  }

  @ParameterizedTest
  @ValueSource(strings = {".jsonl", ".jsonl.gz", ".csv.zst"})
  void whatWasInterruptedGoesOnInTheSamePart(String extension) throws IOException {
    Path answers = folder.resolve("answers" + extension);
    InFile<Object> all = extension.startsWith(".csv") ? Sink.csv(answers) : Sink.jsonLines(answers);
    Thread caller = Thread.currentThread();
    boolean[] first = {true};
    Pipeline<Integer, Integer> pipeline =
        Pipeline.read(numbers(1_000))
            .<Integer>map(i -> {
              if (first[0] && i == 550) {
                caller.interrupt();
              }
              return i;
            })
            .write(all.parts(Parts.ofCount(100)));
    assertThatThrownBy(() -> pipeline.run(Fan.threads(2).batch(1)))
        .isInstanceOf(CancellationException.class);
    Thread.interrupted();
    Files.writeString(PartedFile.part(answers, files().size() + 1), "begun and not committed");
    first[0] = false;

    pipeline.run(Fan.threads(2));

    assertThat(files()).hasSize(10);
    for (int i = 1; i <= 10; i++) {
      assertThat(records(PartedFile.part(answers, i))).isEqualTo(100);
    }
  }

  @Test
  void partsThatAreThereAreNotWrittenOverUnasked() throws IOException {
    Files.writeString(folder.resolve("answers-00001.jsonl"), "mine");
    Pipeline<Integer, Integer> pipeline =
        Pipeline.read(numbers(5))
            .<Integer>map(i -> i)
            .write(Sink.jsonLines(folder.resolve("answers.jsonl")).parts(Parts.ofCount(2)));

    assertThatThrownBy(() -> pipeline.run(Fan.sequential()))
        .isInstanceOf(RunRefused.class)
        .hasMessageContaining("answers-00001.jsonl is there already (4 bytes)");
  }

  @Test
  void aLaterPartIsNotTakenAwayUnaskedEither() throws IOException {
    Path later = Files.writeString(folder.resolve("answers-00003.jsonl"), "mine");
    Pipeline<Integer, Integer> pipeline =
        Pipeline.read(numbers(5))
            .<Integer>map(i -> i)
            .write(Sink.jsonLines(folder.resolve("answers.jsonl")).parts(Parts.ofCount(2)));

    assertThatThrownBy(() -> pipeline.run(Fan.sequential()))
        .isInstanceOf(RunRefused.class)
        .hasMessageContaining("answers-00003.jsonl is there already (4 bytes)");
    assertThat(later).hasContent("mine");
  }

  @Test
  void aPartThatIsGoneIsMissed() throws IOException {
    Pipeline<Integer, Integer> pipeline =
        Pipeline.read(numbers(5))
            .<Integer>map(i -> i)
            .write(Sink.jsonLines(folder.resolve("answers.jsonl")).parts(Parts.ofCount(2)));
    pipeline.run(Fan.sequential());
    Files.delete(folder.resolve("answers-00002.jsonl"));

    assertThatThrownBy(() -> pipeline.run(Fan.sequential()))
        .isInstanceOf(RunRefused.class)
        .hasMessageContaining("answers-00002.jsonl is gone");
  }

  @Test
  void partsOfNothingAreRefusedAtTheDoor() {
    assertThatThrownBy(() -> Parts.ofCount(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 1 result");
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  private static int records(Path file) throws IOException {
    int records = 0;
    try (Source.Cursor rows = Source.rows(Reading.standard(), file).open(Bookmark.START)) {
      while (rows.advance()) {
        assertThat(((Row) rows.value()).sound().columns()).hasSize(2);
        records++;
      }
    }
    return records;
  }

  private static Source<Integer> numbers(int count) {
    return Source.of("numbers to " + count, Range.of(0, count));
  }
}

package io.fanwise.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.Fan;
import io.fanwise.rows.BadInput;
import io.fanwise.rows.Format;
import io.fanwise.rows.Reading;
import io.fanwise.rows.Row;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Isolated // there is one standard input
class StandardInputTest {
  private static final InputStream BEFORE = System.in;

  @TempDir Path folder;

  @AfterEach
  void giveBack() {
    System.setIn(BEFORE);
  }

  @Test
  void itCannotBeReadAgainByTheSameProcess() {
    given("1\n2\n");
    Source<String> lines = Source.lines(Source.standardInput());
    run(lines, "first.txt");

    assertThatThrownBy(() -> run(lines, "second.txt"))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("standard input has been read by this process already");
  }

  @Test
  void fewerBytesThanBeforeAreFoundOut() {
    interruptedAt(2_000, "lines");
    given(lines(1_000));

    assertThatThrownBy(() -> pipeline("lines", -1).run(Fan.sequential()))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("standard input");
  }

  @ParameterizedTest
  @ValueSource(strings = {"lines", "csv", "jsonl"})
  void aRunGoesOnWhenTheSameBytesAreGivenAgain(String format) throws IOException {
    interruptedAt(2_000, format);
    given(format.equals("csv") ? "n\n" + lines(3_000) : lines(3_000));

    Summary summary = pipeline(format, -1).run(Fan.sequential());

    assertThat(summary.before()).isBetween(1L, 2_999L);
    assertThat(Files.readAllLines(folder.resolve("answers.txt")))
        .containsExactlyElementsOf(IntStream.range(0, 3_000).mapToObj(Integer::toString).toList());
  }

  private void interruptedAt(int input, String format) {
    given(format.equals("csv") ? "n\n" + lines(3_000) : lines(3_000));
    assertThatThrownBy(() -> pipeline(format, input).run(Fan.sequential()))
        .isInstanceOf(CancellationException.class);
    Thread.interrupted();
  }

  private Pipeline<Row, String> pipeline(String format, int interrupt) {
    Thread caller = Thread.currentThread();
    Reading reading = Reading.standard().format(Format.valueOf(format.toUpperCase(Locale.ROOT)));
    return Pipeline.read(Source.rows(reading, Source.standardInput()))
        .<String>map(row -> {
          if (row.index() == interrupt) {
            caller.interrupt();
          }
          return row.text();
        })
        .version("as it is")
        .write(Sink.lines(folder.resolve("answers.txt")));
  }

  private void run(Source<String> lines, String file) {
    Pipeline.read(lines)
        .map(line -> line)
        .write(Sink.lines(folder.resolve(file)))
        .run(Fan.sequential());
  }

  private static String lines(int count) {
    return IntStream.range(0, count)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private static void given(String text) {
    System.setIn(new ByteArrayInputStream(text.getBytes(UTF_8)));
  }
}

package io.fanwise.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.Fan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyTest {

  @TempDir Path folder;

  @Test
  void theKeyStandsBesideTheResult() {
    Pipeline.read(Source.of("words", List.of("a", "b\"")))
        .key(word -> word)
        .map(String::length)
        .write(Sink.jsonLines(folder.resolve("answers.jsonl")))
        .write(Sink.lines(folder.resolve("answers.txt")))
        .ordered()
        .run(Fan.threads(1));

    assertThat(folder.resolve("answers.jsonl"))
        .hasContent(
            "{\"index\":0,\"key\":\"a\",\"result\":1}\n{\"index\":1,\"key\":\"b\\\"\",\"result\":2}");
    assertThat(folder.resolve("answers.txt")).hasContent("1\n2");
  }

  @Test
  void theKeyIsAColumnOfItsOwn() throws IOException {
    Pipeline.read(Source.of("words", List.of("a", "b,")))
        .key(word -> word)
        .map(word -> Map.of("key", word.length()))
        .write(Sink.csv(folder.resolve("answers.csv")))
        .write(Sink.tsv(folder.resolve("named.tsv"), "key_2", "key"))
        .write(Sink.csv(folder.resolve("without.csv"), "key_2"))
        .ordered()
        .run(Fan.threads(1));

    assertThat(folder.resolve("answers.csv")).hasContent("index,key,key_2\n0,a,1\n1,\"b,\",2\n");
    assertThat(folder.resolve("named.tsv")).hasContent("index\tkey_2\tkey\n0\t1\ta\n1\t2\tb,\n");
    assertThat(folder.resolve("without.csv")).hasContent("index,key_2\n0,1\n1,2\n");
  }

  @Test
  void theKeyStandsBesideTheFailure() throws IOException {
    Path csv = Files.writeString(folder.resolve("items.csv"), "id,n\nx,1\ny,no\nz,1,2\n");

    Summary summary =
        Pipeline.read(Source.csv(csv))
            .key(row -> List.of(row.col("id"), 7))
            .map(row -> Integer.parseInt(row.col("n")))
            .write(Sink.jsonLines(folder.resolve("answers.jsonl")))
            .run(Fan.threads(1));

    assertThat(summary.failed()).isEqualTo(2);
    assertThat(Files.readAllLines(summary.failures()))
        .satisfiesExactlyInAnyOrder(
            bad -> assertThat(bad).contains("\"index\":1,\"key\":[\"y\",7],"),
            unsound -> assertThat(unsound).contains("\"index\":2,").doesNotContain("\"key\""));
  }

  @Test
  void anInputWhoseKeyCannotBeToldHasFailed() {
    Summary summary =
        Pipeline.read(Source.of("words", List.of("a", "")))
            .key(word -> word.charAt(0))
            .map(word -> word)
            .write(Sink.jsonLines(folder.resolve("answers.jsonl")))
            .run(Fan.threads(1));

    assertThat(summary.done()).isEqualTo(1);
    assertThat(summary.failed()).isEqualTo(1);
  }

  @Test
  void equalKeysAreNotFoundOutButOtherKeysAreAnotherRun() {
    Path answers = folder.resolve("answers.jsonl");
    Source<String> words = Source.of("words", List.of("a", "b"));

    Summary summary =
        Pipeline.read(words)
            .key(_ -> 1)
            .map(w -> w)
            .write(Sink.jsonLines(answers))
            .run(Fan.threads(1));

    assertThat(summary.done()).isEqualTo(2);
    assertThatThrownBy(() ->
            Pipeline.read(words)
                .key(_ -> 2)
                .map(w -> w)
                .write(Sink.jsonLines(answers))
                .run(Fan.threads(1)))
        .isInstanceOf(RunRefused.class);
  }
}

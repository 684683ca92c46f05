package io.fanwise.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.Fan;
import io.fanwise.Range;
import io.fanwise.rows.Bookmark;
import io.fanwise.rows.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class CsvSinkTest {
  @TempDir Path folder;

  record Answer(String name, double score, List<Integer> parts) {}

  @Test
  void theComponentsOfARecordAreItsColumns() throws IOException {
    Path answers = folder.resolve("answers.csv");

    Pipeline.read(numbers(2))
        .map(i -> new Answer("a, \"b\"\n" + i, i / 4.0, List.of(i, i)))
        .write(Sink.csv(answers))
        .run(Fan.sequential());

    assertThat(answers)
        .hasContent(
            """
            index,name,score,parts
            0,"a, ""b\""
            0",0.0,"[0,0]"
            1,"a, ""b\""
            1",0.25,"[1,1]"
            """);
  }

  @Test
  void whatHasNoNamesIsOneColumn() throws IOException {
    Path answers = folder.resolve("answers.tsv");

    Pipeline.read(numbers(2)).map(i -> i + 0.5).write(Sink.tsv(answers)).run(Fan.sequential());

    assertThat(answers).hasContent("index\tresult\n0\t0.5\n1\t1.5\n");
  }

  @Test
  void aLaterResultWithAnotherColumnFailsAlone() throws IOException {
    Path answers = folder.resolve("answers.csv");
    Path beside = folder.resolve("answers.jsonl");

    Summary summary =
        Pipeline.read(numbers(4))
            .map(i -> i == 2 ? Map.of("id", i, "more", "x") : Map.of("id", i))
            .write(Sink.jsonLines(beside))
            .write(Sink.csv(answers))
            .run(Fan.sequential());

    assertThat(summary.done()).isEqualTo(3);
    assertThat(answers).hasContent("index,id\n0,0\n1,1\n3,3\n");
    assertThat(Files.readAllLines(beside)).hasSize(3);
    assertThat(Files.readString(summary.failures()))
        .contains("\"index\":2,\"input\":2", "answers.csv has no column \\\"more\\\"");
  }

  @Test
  void whatAResultLacksIsEmptyAndTheOrderOfItsFieldsIsNoMatter() throws IOException {
    Path answers = folder.resolve("answers.csv");
    List<String> results =
        List.of(
            "{'id':1,'name':'a'}", "{'name':'b','id':2}", "{'id':3}", "{'id':null,'name':null}");

    Pipeline.read(Source.of("results", results))
        .map(text -> JsonMapper.shared().readTree(text.replace('\'', '"')))
        .write(Sink.csv(answers))
        .run(Fan.sequential());

    assertThat(answers).hasContent("index,id,name\n0,1,a\n1,2,b\n2,3,\n3,,\n");
  }

  @Test
  void columnsThatAreNamedAreTheOnlyOnes() throws IOException {
    Path answers = folder.resolve("answers.csv");

    Summary summary =
        Pipeline.read(numbers(3))
            .map(i -> i == 0 ? Map.of("more", 1) : new Answer("n" + i, i, List.of()))
            .write(Sink.csv(answers, "score", "name"))
            .run(Fan.sequential());

    assertThat(summary.failed()).isZero();
    assertThat(answers).hasContent("index,score,name\n0,,\n1,1.0,n1\n2,2.0,n2\n");
  }

  @Test
  void aRecordWithoutANamedColumnHasFailed() throws IOException {
    Path answers = folder.resolve("answers.csv");

    Summary summary =
        Pipeline.read(numbers(1))
            .map(i -> new Answer("n", i, List.of()))
            .write(Sink.csv(answers, "nmae"))
            .run(Fan.sequential());

    assertThat(answers).hasContent("index,nmae\n");
    assertThat(Files.readString(summary.failures()))
        .contains("no column \\\"nmae\\\": it has [index, name, score, parts]");
  }

  @Test
  void namesThatRepeatAreRefusedAtTheDoor() {
    assertThatThrownBy(() -> Sink.csv(folder.resolve("a.csv"), "id", "index"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("name others than id, index");
  }

  @ParameterizedTest
  @ValueSource(strings = {"answers.csv", "answers.csv.gz", "answers.csv.zst"})
  void whenItGoesOnTheHeaderIsNotRepeatedAndColumnsStay(String name) throws IOException {
    Path answers = folder.resolve(name);
    Thread caller = Thread.currentThread();
    boolean[] first = {true};
    Pipeline<Integer, Map<String, Object>> pipeline =
        Pipeline.read(numbers(2_000))
            .<Map<String, Object>>map(i -> {
              if (first[0] && i == 1_000) {
                caller.interrupt();
              }
              return first[0] ? Map.of("id", i) : Map.of("id", i, "more", 1);
            })
            .write(Sink.csv(answers));

    assertThatThrownBy(() -> pipeline.run(Fan.threads(2).batch(1)))
        .isInstanceOf(CancellationException.class);
    Thread.interrupted();
    int before = records(answers).size();
    first[0] = false;
    Summary summary = pipeline.run(Fan.threads(2));

    assertThat(before).isPositive();
    assertThat(summary.failed()).isEqualTo(2_000 - before);
    assertThat(records(answers)).hasSize(before).allMatch(row -> row.columns().size() == 2);
    assertThat(records(answers).stream().map(row -> row.col("index")).distinct()).hasSize(before);
  }

  private static Source<Integer> numbers(int count) {
    return Source.of("numbers to " + count, Range.of(0, count));
  }

  private static List<Row> records(Path file) throws IOException {
    List<Row> records = new ArrayList<>();
    try (Source.Cursor rows = Source.csv(file).open(Bookmark.START)) {
      while (rows.advance()) {
        records.add(((Row) rows.value()).sound());
      }
    }
    return records;
  }
}

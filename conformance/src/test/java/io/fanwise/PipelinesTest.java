package io.fanwise;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanwise.Fans.OnEveryBackend;
import io.fanwise.pipeline.Memory;
import io.fanwise.pipeline.Pipeline;
import io.fanwise.pipeline.Sink;
import io.fanwise.pipeline.Source;
import io.fanwise.pipeline.Summary;
import io.fanwise.rows.Json;
import io.fanwise.work.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Pipelines do the same wherever their tasks run.
class PipelinesTest {
  @TempDir Path folder;

  record Answer(String of, int length) {}

  @OnEveryBackend
  void rowsGoThroughATaskIntoAFileOnce(Fan fan) throws IOException {
    Path items = folder.resolve("items.csv");
    Files.write(
        items,
        IntStream.rangeClosed(0, 100).mapToObj(i -> i == 0 ? "id,name" : i + ",n" + i).toList());
    Path answers = folder.resolve("answers.jsonl");
    Pipeline<?, ?> pipeline =
        Pipeline.read(Source.csv(items))
            .map(row -> {
              if (row.col("id").endsWith("7")) {
                throw new IOException("no answer for " + row.col("id"));
              }
              return new Answer(row.col("name"), row.text().length());
            })
            .write(Sink.jsonLines(answers));

    Summary first = pipeline.run(fan);
    Summary again = pipeline.retryFailed().run(fan);

    assertThat(first.done()).isEqualTo(90);
    assertThat(first.failed()).isEqualTo(10);
    assertThat(again.failed()).isEqualTo(10);
    List<JsonNode> lines =
        Files.readAllLines(answers).stream().map(line -> Json.read(line, JsonNode.class)).toList();
    assertThat(lines).hasSize(90);
    assertThat(lines)
        .allSatisfy(line ->
            assertThat(line.at("/result/of").asString())
                .isEqualTo("n" + (line.get("index").asInt() + 1)));
  }

  @OnEveryBackend
  void whatIsRememberedIsRememberedInEveryJvm(Fan fan) {
    Task<Integer, Integer> square = Memory.in(folder).<Integer, Integer>cache(i -> i * i);

    fan.map(Range.of(0, 50), square);
    List<Integer> again = fan.map(Range.of(0, 50), square);

    assertThat(again).isEqualTo(IntStream.range(0, 50).mapToObj(i -> i * i).toList());
    assertThat(Memory.in(folder).entries()).hasSize(50);
  }
}

package io.fanwise.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanwise.Fan;
import io.fanwise.Range;
import io.fanwise.Retry;
import io.fanwise.rows.Row;
import io.fanwise.work.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The call sites that pipelines are designed for. They compile, they run as tests, and
/// `docs/guide/pipelines.md` shows nothing else.
class Showcase {
  private static final Path GUIDE = Path.of("../docs/guide/pipelines.md");
  private static final Path HERE = Path.of("src/test/java/io/fanwise/pipeline/Showcase.java");
  private static final AtomicInteger CALLS = new AtomicInteger();

  @TempDir Path folder;

  private static String ask(String question) throws IOException {
    if (CALLS.incrementAndGet() == 1) {
      throw new IOException("503");
    }
    return question + "!";
  }

  @Test
  void aRunThatCanBeKilled() throws IOException {
    Path questions = Files.write(folder.resolve("questions.txt"), List.of("one", "two", "three"));
    Path answers = folder.resolve("answers.jsonl");

    // @start region="first"
    Summary summary =
        Pipeline.read(Source.lines(questions))
            .map(question -> ask(question))
            .write(Sink.jsonLines(answers))
            .run(Fan.virtualThreads(200).retry(Retry.times(5)));
    // @end

    assertThat(summary.done()).isEqualTo(3);
    assertThat(Files.readAllLines(answers)).contains("{\"index\":1,\"result\":\"two!\"}");
  }

  @Test
  void failuresOnly() throws IOException {
    Path questions = Files.write(folder.resolve("questions.txt"), List.of("one", "two", "three"));
    Path answers = folder.resolve("answers.jsonl");
    CALLS.set(0);
    Fan fan = Fan.sequential();
    Pipeline<String, String> pipeline =
        Pipeline.read(Source.lines(questions))
            .<String>map(question -> ask(question))
            .write(Sink.jsonLines(answers));
    assertThat(pipeline.run(fan).failed()).isEqualTo(1);

    // @start region="again"
    pipeline.retryFailed().run(fan); // once more those that failed, and what is left
    // @end

    assertThat(Files.readAllLines(answers)).hasSize(3);
  }

  @Test
  void fromADatabase() throws Exception {
    String url = "jdbc:sqlite:" + folder.resolve("shop.db");
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT)");
      statement.execute("INSERT INTO items VALUES (7, 'pear'), (3, 'apple')");
    }
    CALLS.set(1);

    // @start region="query"
    Source<Row> items = Source.query(url, "SELECT id, name FROM items").by("id");
    // @end

    Path answers = folder.resolve("answers.txt");
    Pipeline.read(items)
        .map(item -> ask(item.col("name")))
        .write(Sink.lines(answers))
        .run(Fan.sequential());
    assertThat(Files.readAllLines(answers)).containsExactly("apple!", "pear!");
  }

  @Test
  void partsOfARun() {
    Source<Integer> source = Source.of("numbers", Range.of(0, 2_000));
    Task<Integer, Integer> task = i -> i + 1;
    Sink<Object> sink = Sink.jsonLines(folder.resolve("first.jsonl"));
    Sink<Object> another = Sink.jsonLines(folder.resolve("second.jsonl"));
    List<Pipeline<Integer, Integer>> parts =
        List.of(
            // @start region="parts"
            Pipeline.read(source).range(0, 1_000).map(task).write(sink),
            Pipeline.read(source).shard(2, 20).map(task).write(another)
            // @end
            );

    assertThat(parts.stream().map(part -> part.run(Fan.threads(2)).done()))
        .containsExactly(1_000L, 100L);
  }

  @Test
  void equalInputsOnce() throws IOException {
    Path items = Files.write(folder.resolve("items.csv"), List.of("id,name", "1,a", "1,b"));
    CALLS.set(1);

    Summary summary =
        // @start region="distinct"
        Pipeline.read(Source.csv(items))
            .distinct(item -> item.col("id"))
            .map(item -> ask(item.col("name")))
            // @end
            .write(Sink.jsonLines(folder.resolve("answers.jsonl")))
            .run(Fan.threads(2));

    assertThat(summary.done()).isEqualTo(2);
    assertThat(CALLS).hasValue(2);
  }

  @Test
  void remembering() throws Exception {
    Path cache = folder.resolve("cache");
    CALLS.set(1);

    // @start region="memory"
    Memory memory = Memory.in(cache).limit(10L << 30);
    Task<String, String> ask = memory.cache(question -> ask(question));
    // @end

    assertThat(ask.run("one")).isEqualTo(ask.run("one"));
    assertThat(CALLS).hasValue(2);
  }

  @Test
  void theGuideShowsWhatRunsHere() throws IOException {
    String source = squeezed(Files.readString(HERE));
    Matcher shown =
        Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(GUIDE));

    assertThat(shown.results().map(block -> squeezed(block.group(1))))
        .hasSizeGreaterThanOrEqualTo(4)
        .allSatisfy(block -> assertThat(source).contains(block));
  }

  private static String squeezed(String code) {
    return code.replaceAll("\\s+", "");
  }
}

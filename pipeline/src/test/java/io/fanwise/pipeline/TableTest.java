package io.fanwise.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.Fan;
import io.fanwise.Range;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What holds of a table in every database.
@ParameterizedClass
@EnumSource(TriedDatabase.Kind.class)
class TableTest {
  @Parameter TriedDatabase.Kind kind;

  @TempDir Path folder;

  private TriedDatabase database;

  @BeforeEach
  void make() throws Exception {
    database = TriedDatabase.of(kind, folder);
  }

  record Answer(String name, long count, double score, boolean good, List<Integer> parts) {}

  @Test
  void theComponentsOfARecordAreItsColumns() throws SQLException {
    Summary summary =
        Pipeline.read(numbers(3))
            .map(i -> new Answer("o'" + i, i, i + 0.5, i > 1, List.of(i)))
            .write(Sink.jdbc(database.url(), "answers"))
            .state(folder.resolve("state"))
            .run(Fan.sequential());

    assertThat(summary.failed()).isZero();
    assertThat(
            database.rows(
                "SELECT \"index\", \"name\", \"count\", \"score\" FROM \"answers\" ORDER BY 1"))
        .containsExactly("0 o'0 0 0.5", "1 o'1 1 1.5", "2 o'2 2 2.5");
    assertThat(database.rows("SELECT \"parts\" FROM \"answers\" WHERE \"good\""))
        .containsExactly("[2]");
  }

  @Test
  void whatWasInterruptedGoesOnAndEveryInputHasOneRow() throws SQLException {
    Thread caller = Thread.currentThread();
    boolean[] first = {true};
    Pipeline<Integer, Integer> pipeline =
        Pipeline.read(numbers(3_000))
            .<Integer>map(i -> {
              if (first[0] && i == 2_000) {
                caller.interrupt();
              }
              return i;
            })
            .write(Sink.jdbc(database.url(), "answers"))
            .state(folder.resolve("state"));

    assertThatThrownBy(() -> pipeline.run(Fan.threads(2).batch(1)))
        .isInstanceOf(CancellationException.class);
    Thread.interrupted();
    int before = database.rows("SELECT * FROM \"answers\"").size();
    first[0] = false;
    Summary summary = pipeline.run(Fan.threads(2));

    assertThat(before).isBetween(1, 2_999);
    assertThat(summary.before()).isEqualTo(before);
    assertThat(
            database.rows(
                "SELECT count(*), count(DISTINCT \"result\"), max(\"result\") FROM \"answers\""))
        .containsExactly("3000 3000 2999");
  }

  @Test
  void aCommitThatTheJournalMissedIsLearntFromTheTable() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    Pipeline<Integer, Integer> pipeline =
        Pipeline.read(numbers(100))
            .<Integer>map(_ -> calls.incrementAndGet())
            .write(Sink.jdbc(database.url(), "answers"))
            .state(folder.resolve("state"));
    pipeline.run(Fan.sequential());
    Files.write(folder.resolve("state/journal"), new byte[0]);

    Summary again = pipeline.run(Fan.sequential());

    assertThat(calls).hasValue(100);
    assertThat(again.done()).isEqualTo(100);
    assertThat(database.rows("SELECT count(*) FROM \"answers\"")).containsExactly("100");
  }

  @Test
  void whatOnlyOneOfTwoTablesKnowsIsTakenBack() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    String other = "jdbc:sqlite:" + folder.resolve("other");
    Pipeline<Integer, Integer> pipeline =
        Pipeline.read(numbers(100))
            .<Integer>map(_ -> calls.incrementAndGet())
            .write(Sink.jdbc(database.url(), "answers"))
            .write(Sink.jdbc(other, "answers"))
            .state(folder.resolve("state"));
    pipeline.run(Fan.sequential());
    Files.write(folder.resolve("state/journal"), new byte[0]);
    try (Connection connection = DriverManager.getConnection(other);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("DELETE FROM \"answers\"");
      statement.executeUpdate("DELETE FROM fan_checkpoint");
    }

    Summary again = pipeline.run(Fan.sequential());

    assertThat(calls).hasValue(200);
    assertThat(again.done()).isEqualTo(100);
    assertThat(database.rows("SELECT count(*), min(\"result\") FROM \"answers\""))
        .containsExactly("100 101");
  }

  @Test
  void severalTablesOfADatabaseAreWrittenInOneTransaction() throws SQLException {
    AtomicInteger calls = new AtomicInteger();
    Pipeline<Integer, Integer> pipeline =
        Pipeline.read(numbers(1_000))
            .<Integer>map(i -> {
              if (calls.incrementAndGet() == 600) {
                Thread.currentThread().interrupt();
              }
              return i;
            })
            .write(Sink.jdbc(database.url(), "one"))
            .write(Sink.jdbc(database.url(), "two"))
            .state(folder.resolve("state"));

    assertThatThrownBy(() -> pipeline.run(Fan.sequential()))
        .isInstanceOf(CancellationException.class);
    Thread.interrupted();
    int before = database.indexes("one").size();
    Summary summary = pipeline.run(Fan.sequential());

    assertThat(summary.before()).isEqualTo(before).isPositive();
    assertThat(database.indexes("one"))
        .isEqualTo(IntStream.range(0, 1_000).boxed().toList())
        .isEqualTo(database.indexes("two"));
    assertThat(database.rows("SELECT DISTINCT commits FROM \"fan_checkpoint\"")).hasSize(1);
  }

  @Test
  void aTableIsNotWrittenTwice() {
    Pipeline<Integer, Integer> pipeline =
        Pipeline.read(numbers(1))
            .<Integer>map(i -> i)
            .write(Sink.jdbc(database.url(), "answers"))
            .write(Sink.jdbc(database.url(), "Answers"))
            .state(folder.resolve("state"));

    assertThatThrownBy(() -> pipeline.run(Fan.sequential()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is written already by this pipeline: write to another table");
  }

  @Test
  void theLaterResultWithAKeyIsWrittenOverTheEarlier() throws SQLException {
    database.execute(
        "CREATE TABLE \"users\" (\"id\" INTEGER PRIMARY KEY, \"name\" VARCHAR(20), \"seen\" INTEGER)");
    database.execute("INSERT INTO \"users\" VALUES (1, 'old', 7), (9, 'other', 8)");
    Summary summary =
        Pipeline.read(numbers(10))
            .map(i -> Map.of("id", i % 3, "name", "n" + i))
            .write(Sink.jdbc(database.url(), "users").key("id"))
            .state(folder.resolve("state"))
            .run(Fan.sequential());

    assertThat(summary.failed()).isZero();
    assertThat(database.rows("SELECT \"id\", \"name\" FROM \"users\" ORDER BY \"id\""))
        .containsExactly("0 n9", "1 n7", "2 n8", "9 other");
    assertThat(database.rows("SELECT \"seen\" FROM \"users\" WHERE \"id\" = 1"))
        .containsExactly("7");
  }

  @Test
  void aTableThatIsMadeHasTheNamedKey() throws SQLException {
    Pipeline.read(numbers(10))
        .map(i -> Map.of("id", "k" + i % 3, "value", i))
        .write(Sink.jdbc(database.url(), "latest").key("id"))
        .state(folder.resolve("state"))
        .run(Fan.sequential());

    assertThat(database.rows("SELECT \"id\", \"value\" FROM \"latest\" ORDER BY 1"))
        .containsExactly("k0 9", "k1 7", "k2 8");
  }

  @Test
  void whatInputsAreCalledIsAColumnThatATableMayLack() throws SQLException {
    database.execute("CREATE TABLE \"plain\" (\"index\" INTEGER, \"result\" INTEGER)");

    Summary summary =
        Pipeline.read(numbers(3))
            .key(i -> "input " + i)
            .map(i -> i * 2)
            .write(Sink.jdbc(database.url(), "answers"))
            .write(Sink.jdbc(database.url(), "plain"))
            .state(folder.resolve("state"))
            .run(Fan.sequential());

    assertThat(summary.failed()).isZero();
    assertThat(database.rows("SELECT \"index\", \"key\", \"result\" FROM \"answers\" ORDER BY 1"))
        .containsExactly("0 input 0 0", "1 input 1 2", "2 input 2 4");
    assertThat(database.rows("SELECT \"index\", \"result\" FROM \"plain\" ORDER BY 1"))
        .containsExactly("0 0", "1 2", "2 4");
  }

  @Test
  void rowsAreUpdatedByWhatInputsAreCalled() throws SQLException {
    Pipeline<Integer, Integer> pipeline =
        Pipeline.read(numbers(10))
            .key(i -> "k" + i % 3)
            .<Integer>map(i -> i)
            .write(Sink.jdbc(database.url(), "latest").key("key"));

    pipeline.state(folder.resolve("one")).run(Fan.sequential());
    pipeline.state(folder.resolve("two")).run(Fan.sequential());

    assertThat(database.rows("SELECT \"key\", \"result\" FROM \"latest\" ORDER BY 1"))
        .containsExactly("k0 9", "k1 7", "k2 8");
  }

  @Test
  void aResultThatDoesNotFitFailsAlone() throws Exception {
    Path beside = folder.resolve("answers.jsonl");
    Map<String, Object> nothing = new HashMap<>();
    nothing.put("id", null);

    Summary summary =
        Pipeline.read(numbers(5))
            .<Map<String, Object>>map(i ->
                switch (i) {
                  case 1 -> Map.of("id", i, "more", 1);
                  case 3 -> nothing;
                  default -> Map.of("id", i);
                })
            .write(Sink.jsonLines(beside))
            .write(Sink.jdbc(database.url(), "answers").key("id"))
            .run(Fan.sequential());

    assertThat(summary.done()).isEqualTo(3);
    assertThat(Files.readAllLines(beside)).hasSize(3);
    assertThat(database.rows("SELECT \"id\" FROM \"answers\" ORDER BY 1"))
        .containsExactly("0", "2", "4");
    assertThat(Files.readString(summary.failures()))
        .contains("has no column \\\"more\\\"", "the result has no id, which is the key");
  }

  @Test
  void rowsThatAreThereAreNotMixedWithOthersUnasked() throws SQLException {
    Pipeline<Integer, Integer> pipeline =
        Pipeline.read(numbers(10)).<Integer>map(i -> i).write(Sink.jdbc(database.url(), "answers"));
    pipeline.state(folder.resolve("one")).run(Fan.sequential());

    assertThatThrownBy(() -> pipeline.state(folder.resolve("two")).run(Fan.sequential()))
        .isInstanceOf(RunRefused.class)
        .hasMessageContaining("has rows already");
    pipeline.state(folder.resolve("two")).fresh().run(Fan.sequential());

    assertThat(database.rows("SELECT count(*) FROM \"answers\"")).containsExactly("10");
  }

  @Test
  void aTableThatLacksWhatWasCommittedIsRefused() throws SQLException {
    Pipeline<Integer, Integer> pipeline =
        Pipeline.read(numbers(10))
            .<Integer>map(i -> i)
            .write(Sink.jdbc(database.url(), "answers"))
            .state(folder.resolve("state"));
    pipeline.run(Fan.sequential());
    database.execute("DELETE FROM \"fan_checkpoint\"");

    assertThatThrownBy(() -> pipeline.run(Fan.sequential()))
        .isInstanceOf(RunRefused.class)
        .hasMessageContaining("knows of 0 commits of the run, but there were 1");
  }

  @Test
  void aMissingDriverIsNamed() {
    assertThatThrownBy(() ->
            Pipeline.read(numbers(1))
                .map(i -> i)
                .write(Sink.jdbc("jdbc:mysql://somewhere/db?password=secret", "answers"))
                .state(folder.resolve("state"))
                .run(Fan.sequential()))
        .hasMessageContaining("add com.mysql:mysql-connector-j to the class path");
  }

  private static Source<Integer> numbers(int count) {
    return Source.of("numbers to " + count, Range.of(0, count));
  }
}

package io.fanwise.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.Fan;
import io.fanwise.Range;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/// What holds of a table in every database.
@ParameterizedClass
@ValueSource(strings = {"sqlite", "duckdb", "h2"})
class TableTest {
  @Parameter String database;

  @TempDir Path folder;

  record Answer(String name, long count, double score, boolean good, List<Integer> parts) {}

  @Test
  void theComponentsOfARecordAreItsColumns() throws SQLException {
    Summary summary =
        Pipeline.read(numbers(3))
            .map(i -> new Answer("o'" + i, i, i / 2.0, i > 1, List.of(i)))
            .write(Sink.jdbc(url(), "answers"))
            .state(folder.resolve("state"))
            .run(Fan.sequential());

    assertThat(summary.failed()).isZero();
    assertThat(rows("SELECT \"index\", name, \"count\", score FROM answers ORDER BY 1"))
        .containsExactly("0 o'0 0 0.0", "1 o'1 1 0.5", "2 o'2 2 1.0");
    assertThat(rows("SELECT parts FROM answers WHERE good")).containsExactly("[2]");
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
            .write(Sink.jdbc(url(), "answers"))
            .state(folder.resolve("state"));

    assertThatThrownBy(() -> pipeline.run(Fan.threads(2).batch(1)))
        .isInstanceOf(CancellationException.class);
    Thread.interrupted();
    int before = rows("SELECT * FROM answers").size();
    first[0] = false;
    Summary summary = pipeline.run(Fan.threads(2));

    assertThat(before).isBetween(1, 2_999);
    assertThat(summary.before()).isEqualTo(before);
    assertThat(rows("SELECT count(*), count(DISTINCT result), max(result) FROM answers"))
        .containsExactly("3000 3000 2999");
  }

  @Test
  void aCommitThatTheJournalMissedIsLearntFromTheTable() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    Pipeline<Integer, Integer> pipeline =
        Pipeline.read(numbers(100))
            .<Integer>map(_ -> calls.incrementAndGet())
            .write(Sink.jdbc(url(), "answers"))
            .state(folder.resolve("state"));
    pipeline.run(Fan.sequential());
    Files.write(folder.resolve("state/journal"), new byte[0]);

    Summary again = pipeline.run(Fan.sequential());

    assertThat(calls).hasValue(100);
    assertThat(again.done()).isEqualTo(100);
    assertThat(rows("SELECT count(*) FROM answers")).containsExactly("100");
  }

  @Test
  void whatOnlyOneOfTwoTablesKnowsIsTakenBack() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    String other = "jdbc:sqlite:" + folder.resolve("other");
    Pipeline<Integer, Integer> pipeline =
        Pipeline.read(numbers(100))
            .<Integer>map(_ -> calls.incrementAndGet())
            .write(Sink.jdbc(url(), "answers"))
            .write(Sink.jdbc(other, "answers"))
            .state(folder.resolve("state"));
    pipeline.run(Fan.sequential());
    Files.write(folder.resolve("state/journal"), new byte[0]);
    try (Connection connection = DriverManager.getConnection(other);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("DELETE FROM answers");
      statement.executeUpdate("DELETE FROM fan_checkpoint");
    }

    Summary again = pipeline.run(Fan.sequential());

    assertThat(calls).hasValue(200);
    assertThat(again.done()).isEqualTo(100);
    assertThat(rows("SELECT count(*), min(result) FROM answers")).containsExactly("100 101");
  }

  @Test
  void theLaterResultWithAKeyIsWrittenOverTheEarlier() throws SQLException {
    execute("CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(20), seen INTEGER)");
    execute("INSERT INTO users VALUES (1, 'old', 7), (9, 'other', 8)");
    boolean upper = database.equals("h2");

    Summary summary =
        Pipeline.read(numbers(10))
            .map(i -> Map.of("id", i % 3, "name", "n" + i))
            .write(Sink.jdbc(url(), upper ? "USERS" : "users").key("id"))
            .state(folder.resolve("state"))
            .run(Fan.sequential());

    assertThat(summary.failed()).isZero();
    assertThat(rows("SELECT id, name FROM users ORDER BY id"))
        .containsExactly("0 n9", "1 n7", "2 n8", "9 other");
    assertThat(rows("SELECT seen FROM users WHERE id = 1")).containsExactly("7");
  }

  @Test
  void aTableThatIsMadeHasTheNamedKey() throws SQLException {
    Pipeline.read(numbers(10))
        .map(i -> Map.of("id", "k" + i % 3, "value", i))
        .write(Sink.jdbc(url(), "latest").key("id"))
        .state(folder.resolve("state"))
        .run(Fan.sequential());

    assertThat(rows("SELECT \"id\", \"value\" FROM latest ORDER BY 1"))
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
            .write(Sink.jdbc(url(), "answers").key("id"))
            .run(Fan.sequential());

    assertThat(summary.done()).isEqualTo(3);
    assertThat(Files.readAllLines(beside)).hasSize(3);
    assertThat(rows("SELECT id FROM answers ORDER BY 1")).containsExactly("0", "2", "4");
    assertThat(Files.readString(summary.failures()))
        .contains("has no column \\\"more\\\"", "the result has no id, which is the key");
  }

  @Test
  void rowsThatAreThereAreNotMixedWithOthersUnasked() throws SQLException {
    Pipeline<Integer, Integer> pipeline =
        Pipeline.read(numbers(10)).<Integer>map(i -> i).write(Sink.jdbc(url(), "answers"));
    pipeline.state(folder.resolve("one")).run(Fan.sequential());

    assertThatThrownBy(() -> pipeline.state(folder.resolve("two")).run(Fan.sequential()))
        .isInstanceOf(RunRefused.class)
        .hasMessageContaining("has rows already");
    pipeline.state(folder.resolve("two")).fresh().run(Fan.sequential());

    assertThat(rows("SELECT count(*) FROM answers")).containsExactly("10");
  }

  @Test
  void aTableThatLacksWhatWasCommittedIsRefused() throws SQLException {
    Pipeline<Integer, Integer> pipeline =
        Pipeline.read(numbers(10))
            .<Integer>map(i -> i)
            .write(Sink.jdbc(url(), "answers"))
            .state(folder.resolve("state"));
    pipeline.run(Fan.sequential());
    execute("DELETE FROM \"fan_checkpoint\"");

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

  private String url() {
    return "jdbc:%s:%s".formatted(database, folder.resolve("db"));
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url());
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  /// The rows that come, a line for each.
  private List<String> rows(String sql) throws SQLException {
    String query = database.equals("h2") ? quoted(sql) : sql;
    try (Connection connection = DriverManager.getConnection(url());
        Statement statement = connection.createStatement();
        ResultSet each = statement.executeQuery(query)) {
      List<String> rows = new ArrayList<>();
      while (each.next()) {
        StringJoiner row = new StringJoiner(" ");
        for (int i = 1; i <= each.getMetaData().getColumnCount(); i++) {
          row.add(each.getString(i));
        }
        rows.add(row.toString());
      }
      return rows;
    }
  }

  /// H2 takes names that are not quoted for names in capitals.
  private static String quoted(String sql) {
    return sql.contains("users")
        ? sql
        : sql.replaceAll(
            "(?<!\")\\b(answers|latest|name|score|good|parts|result|id)\\b(?!\")", "\"$1\"");
  }

  private static Source<Integer> numbers(int count) {
    return Source.of("numbers to " + count, Range.of(0, count));
  }
}

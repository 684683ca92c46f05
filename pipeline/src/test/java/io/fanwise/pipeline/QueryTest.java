package io.fanwise.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.Fan;
import io.fanwise.rows.BadInput;
import io.fanwise.rows.Bookmark;
import io.fanwise.rows.Row;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/// What holds of a query of every database.
@ParameterizedClass
@ValueSource(strings = {"sqlite", "duckdb", "h2", "postgresql", "mariadb"})
class QueryTest {
  @Parameter String database;

  @TempDir Path folder;

  private String url;

  @BeforeEach
  void connect() throws IOException, SQLException {
    url =
        switch (database) {
          case "postgresql" -> PostgresServer.shared().database();
          case "mariadb" -> MariaServer.shared().database();
          default -> "jdbc:%s:%s".formatted(database, folder.resolve("db"));
        };
  }

  @Test
  void aQueryThatIsRefusedIsShownWithTheReason() {
    assertThatThrownBy(() -> read("SELECT id FROM nowhere", "id"))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("refuses the query")
        .hasMessageContainingAll("nowhere", "SELECT id FROM nowhere")
        .hasMessageNotContaining(DatabaseServer.PASSWORD);
  }

  @Test
  void aKeyThatIsNoColumnIsRefusedWithThoseThereAre() throws SQLException {
    numbered(3);

    assertThatThrownBy(() -> read("SELECT id, name FROM items", "nr"))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("no column \"nr\": the query has")
        .hasMessageContaining("SELECT id, name FROM items");
  }

  @Test
  void aRowWithoutAKeyIsRefusedBeforeAnythingIsDone() throws SQLException {
    execute("CREATE TABLE items (id INTEGER, name VARCHAR(20))");
    execute("INSERT INTO items VALUES (1, 'a'), (NULL, 'b'), (3, 'c')");

    assertThatThrownBy(() -> read("SELECT id, name FROM items", "id"))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("id is null in 1 rows");
  }

  @Test
  void aKeyThatComesTwiceIsRefusedWithItsValue() throws SQLException {
    execute("CREATE TABLE items (id INTEGER, name VARCHAR(20))");
    execute("INSERT INTO items VALUES (1, 'a'), (17, 'b'), (17, 'c'), (20, 'd')");

    assertThatThrownBy(() -> read("SELECT id, name FROM items", "id"))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("17 comes twice as id");
  }

  @Test
  void anAmountIsNoKey() throws SQLException {
    execute("CREATE TABLE items (weight DOUBLE PRECISION)");
    execute("INSERT INTO items VALUES (1.5)");

    assertThatThrownBy(() -> read("SELECT weight FROM items", "weight"))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("the key weight of a row is 1.5 (Double)");
  }

  @Test
  void rowsComeInTheOrderOfTheKeyWithTheirTypes() throws SQLException, IOException {
    execute(
        "CREATE TABLE items (id INTEGER, name VARCHAR(20), big BIGINT, price DECIMAL(10,2), weight DOUBLE PRECISION, born DATE, seen TIMESTAMP NULL)");
    execute(
        "INSERT INTO items VALUES (2, 'ü, \"x\"', 9007199254740993, 12.50, 0.25, '2026-02-28', '2026-03-29 02:30:00'), (1, NULL, NULL, NULL, NULL, NULL, NULL)");

    List<Row> rows = read("SELECT * FROM items -- all of them\n;", "id");

    assertThat(rows).extracting(row -> row.col(name("id"))).containsExactly("1", "2");
    assertThat(rows.get(0).json().get(name("name")).isNull()).isTrue();
    assertThat(rows.get(0).col(name("name"))).isEmpty();
    Row second = rows.get(1);
    assertThat(second.json().get(name("id")).isNumber()).isTrue();
    assertThat(second.col(name("name"))).isEqualTo("ü, \"x\"");
    assertThat(second.json().get(name("big")).longValue()).isEqualTo(9007199254740993L);
    assertThat(second.json().get(name("price")).doubleValue()).isEqualTo(12.5);
    assertThat(second.json().get(name("weight")).doubleValue()).isEqualTo(0.25);
    assertThat(second.col(name("born"))).isEqualTo("2026-02-28");
    assertThat(second.col(name("seen")).replace(' ', 'T')).startsWith("2026-03-29T02:30:00");
    assertThat(second.place()).endsWith(name("id") + "=2").startsWith("jdbc:");
  }

  @Test
  void aRunThatGoesOnAsksForTheRestOnly() throws SQLException, IOException {
    numbered(5_000);
    Source<Row> items = Source.query(url, "SELECT id, name FROM items").by("id");
    Bookmark middle;
    try (Source.Cursor cursor = items.open(Bookmark.START)) {
      skip(cursor, 3_000);
      middle = cursor.bookmark();
    }

    try (Source.Cursor cursor = items.open(middle)) {
      assertThat(cursor.advance()).isTrue();
      Row row = (Row) cursor.value();

      assertThat(row.index()).isEqualTo(3_000);
      assertThat(row.col(name("id"))).isEqualTo("6000");
      assertThat(skip(cursor, Integer.MAX_VALUE)).isEqualTo(1_999);
    }
  }

  @Test
  void whatWasInterruptedGoesOnAndEveryRowIsDoneOnce() throws Exception {
    numbered(5_000);
    Thread caller = Thread.currentThread();
    boolean[] first = {true};
    Set<Integer> seen = new ConcurrentSkipListSet<>();
    Path answers = folder.resolve("answers.jsonl");
    Pipeline<Row, Integer> pipeline =
        Pipeline.read(Source.query(url, "SELECT id, name FROM items").by("id"))
            .<Integer>map(row -> {
              int id = Integer.parseInt(row.col(name("id")));
              if (first[0] && id == 6_000) {
                caller.interrupt();
              }
              seen.add(id);
              return id;
            })
            .write(Sink.jsonLines(answers));
    assertThatThrownBy(() -> pipeline.run(Fan.threads(2).batch(1)))
        .isInstanceOf(CancellationException.class);
    Thread.interrupted();
    first[0] = false;

    Summary summary = pipeline.run(Fan.threads(2));

    assertThat(summary.before()).isBetween(1L, 4_999L);
    assertThat(summary.done()).isEqualTo(5_000);
    assertThat(seen).hasSize(5_000);
    assertThat(Files.readAllLines(answers))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 5_000)
                .mapToObj(i -> "{\"index\":%d,\"result\":%d}".formatted(i, 2 * i))
                .toList());
  }

  @Test
  void rowsThatCameOrWentBeforeTheLastKeyAreFoundOut() throws SQLException, IOException {
    numbered(3_000);
    Source<Row> items = Source.query(url, "SELECT id, name FROM items").by("id");
    Bookmark middle;
    try (Source.Cursor cursor = items.open(Bookmark.START)) {
      skip(cursor, 2_000);
      middle = cursor.bookmark();
    }
    execute("INSERT INTO items VALUES (100000, 'a new one')");
    items.open(middle).close();
    execute("INSERT INTO items VALUES (7, 'one more')");

    assertThatThrownBy(() -> items.open(middle))
        .isInstanceOf(RunRefused.class)
        .hasMessageContaining("2,001 up to id 3998, and not 2,000");
  }

  @Test
  void failuresAreNotTriedAgainOnRowsThatHaveMoved() throws SQLException {
    numbered(10);
    boolean[] first = {true};
    Pipeline<Row, Long> pipeline =
        Pipeline.read(Source.query(url, "SELECT id, name FROM items").by("id"))
            .<Long>map(row -> {
              if (first[0] && row.index() == 5) {
                throw new IllegalStateException("not now");
              }
              return row.index();
            })
            .write(Sink.jsonLines(folder.resolve("answers.jsonl")));
    assertThat(pipeline.run(Fan.sequential()).failed()).isEqualTo(1);
    first[0] = false;
    execute("INSERT INTO items VALUES (3, 'one more')");

    assertThatThrownBy(() -> pipeline.retryFailed().run(Fan.sequential()))
        .isInstanceOf(RunRefused.class)
        .hasMessageContaining("11 up to id 18, and not 10");
    execute("DELETE FROM items WHERE id = 3");
    Summary summary = pipeline.retryFailed().run(Fan.sequential());

    assertThat(summary.failed()).isZero();
    assertThat(summary.done()).isEqualTo(10);
  }

  @Test
  void keysMayBeText() throws SQLException, IOException {
    execute("CREATE TABLE items (code VARCHAR(20) PRIMARY KEY)");
    execute("INSERT INTO items VALUES ('b2'), ('a1'), ('o''c')");
    Source<Row> items = Source.query(url, "SELECT code FROM items").by("code");
    Bookmark afterOne;
    try (Source.Cursor cursor = items.open(Bookmark.START)) {
      skip(cursor, 1);
      afterOne = cursor.bookmark();
    }

    try (Source.Cursor cursor = items.open(afterOne)) {
      assertThat(rest(cursor)).extracting(row -> row.col(1)).containsExactly("b2", "o'c");
    }
  }

  @Test
  void noSecretIsKept() throws SQLException, IOException {
    numbered(2);
    Path answers = folder.resolve("answers.jsonl");
    Pipeline.read(Source.query(url, "SELECT id, name FROM items").by("id"))
        .map(row -> {
          throw new IllegalStateException("no good: " + row.place());
        })
        .write(Sink.jsonLines(answers))
        .run(Fan.sequential());

    try (var files = Files.walk(folder.resolve("answers.jsonl.fan"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .doesNotContain(DatabaseServer.PASSWORD);
      }
    }
  }

  /// H2 takes names that are not quoted for names in capitals.
  private String name(String column) {
    return database.equals("h2") ? column.toUpperCase(Locale.ROOT) : column;
  }

  private List<Row> read(String sql, String key) throws IOException {
    try (Source.Cursor cursor = Source.query(url, sql).by(key).open(Bookmark.START)) {
      return rest(cursor);
    }
  }

  private static List<Row> rest(Source.Cursor cursor) throws IOException {
    List<Row> rows = new ArrayList<>();
    while (cursor.advance()) {
      rows.add((Row) cursor.value());
    }
    return rows;
  }

  private static int skip(Source.Cursor cursor, int rows) throws IOException {
    int skipped = 0;
    while (skipped < rows && cursor.advance()) {
      skipped++;
    }
    return skipped;
  }

  /// A table of so many items, with the even numbers as ids.
  private void numbered(int count) throws SQLException {
    execute("CREATE TABLE items (id INTEGER PRIMARY KEY, name VARCHAR(20))");
    try (Connection connection = DriverManager.getConnection(url)) {
      connection.setAutoCommit(false);
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO items VALUES (?, ?)")) {
        for (int i = 0; i < count; i++) {
          insert.setInt(1, 2 * i);
          insert.setString(2, "item " + i);
          insert.addBatch();
        }
        insert.executeBatch();
      }
      connection.commit();
    }
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }
}

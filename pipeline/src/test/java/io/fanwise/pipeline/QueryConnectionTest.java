package io.fanwise.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.Fan;
import io.fanwise.rows.BadInput;
import io.fanwise.rows.Bookmark;
import io.fanwise.rows.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/// What becomes of a query when the server is not there any more.
@ParameterizedClass
@ValueSource(strings = {"postgresql", "mariadb"})
class QueryConnectionTest {
  private static final int ITEMS = 20_000;

  /// More than has been sent already when the first row is read.
  private static final int LATE = 10_000;

  @Parameter String database;

  @TempDir Path folder;

  private DatabaseServer server;
  private String url;
  private Source<Row> items;

  @BeforeEach
  void connect() throws IOException, SQLException {
    server = database.equals("mariadb") ? MariaServer.shared() : PostgresServer.shared();
    url = server.database();
    items = Source.query(url, "SELECT id, name FROM items").by("id");
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE items (id INTEGER PRIMARY KEY, name VARCHAR(2000))");
      connection.setAutoCommit(false);
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO items VALUES (?, ?)")) {
        for (int i = 0; i < ITEMS; i++) {
          insert.setInt(1, i);
          insert.setString(2, "x".repeat(2000));
          insert.addBatch();
        }
        insert.executeBatch();
      }
      connection.commit();
    }
  }

  @Test
  void aServerThatIsNotThereIsToldWithoutThePassword() throws IOException {
    server.kill();

    assertThatThrownBy(() -> items.open(Bookmark.START))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("Cannot read the query of jdbc:" + database)
        .hasMessageNotContaining(DatabaseServer.PASSWORD)
        .hasCauseInstanceOf(SQLException.class);
  }

  @Test
  void aConnectionThatIsLostIsMadeAgainAndNoRowComesTwice() throws IOException {
    try (Source.Cursor cursor = items.open(Bookmark.START)) {
      for (int i = 0; i < ITEMS; i++) {
        if (i == LATE) {
          server.kill();
          server.start();
        }

        assertThat(cursor.advance()).isTrue();
        assertThat(((Row) cursor.value()).col("id")).isEqualTo(Integer.toString(i));
      }

      assertThat(cursor.advance()).isFalse();
    }
  }

  @Test
  void aRunWhoseServerIsGoneEndsAndGoesOnWhenItIsBack() throws IOException {
    Path answers = folder.resolve("answers.jsonl");
    boolean[] first = {true};
    Pipeline<Row, Integer> pipeline =
        Pipeline.read(items)
            .<Integer>map(row -> {
              if (first[0] && row.index() == LATE) {
                server.kill();
              }
              return Integer.parseInt(row.col("id"));
            })
            .write(Sink.jsonLines(answers));

    assertThatThrownBy(() -> pipeline.run(Fan.sequential()))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("Cannot read the query of jdbc:" + database);
    server.start();
    first[0] = false;
    Summary summary = pipeline.run(Fan.sequential());

    assertThat(summary.before()).isBetween((long) LATE, ITEMS - 1L);
    assertThat(Files.readAllLines(answers))
        .containsExactlyElementsOf(
            IntStream.range(0, ITEMS)
                .mapToObj(i -> "{\"index\":%d,\"result\":%d}".formatted(i, i))
                .toList());
  }
}

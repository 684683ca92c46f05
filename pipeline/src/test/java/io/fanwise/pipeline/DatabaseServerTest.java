package io.fanwise.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseServerTest {

  @ParameterizedTest
  @ValueSource(strings = {"postgresql", "mariadb"})
  void whatIsCommittedSurvivesItsKill(String kind) throws IOException, SQLException {
    DatabaseServer server = kind.equals("mariadb") ? MariaServer.shared() : PostgresServer.shared();
    String url = server.database();
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE kept (id INTEGER)");
      statement.execute("INSERT INTO kept VALUES (1)");
      connection.setAutoCommit(false);
      statement.execute("INSERT INTO kept VALUES (2)");

      server.kill();

      assertThatThrownBy(() -> statement.execute("SELECT 1")).isInstanceOf(SQLException.class);
    } catch (SQLException e) {
      assertThat(server.alive()).isFalse(); // of closing a connection that is lost
    }
    server.start();
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM kept")) {
      assertThat(row.next()).isTrue();
      assertThat(row.getInt(1)).isEqualTo(1);
    }
  }
}

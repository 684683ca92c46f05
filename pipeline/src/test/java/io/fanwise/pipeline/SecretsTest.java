package io.fanwise.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://host/shop?user=fan&password=hidden",
        "jdbc:mysql://fan:hidden@host/shop",
        "jdbc:sqlserver://host;databaseName=shop;password=hidden;encrypt=true",
        "jdbc:oracle:thin:fan/hidden@//host:1521/shop",
        "jdbc:duckdb:md:shop?motherduck_token=hidden"
      })
  void whatADriverSaysOfAUrlHasNoPassword(String url) {
    SQLException said = new SQLException("cannot parse " + url, "08001", new Exception(url));

    Throwable told = Secrets.in(url).without(said);

    assertThat(told).hasMessageContaining("cannot parse jdbc:").hasMessageContaining("***");
    assertThat(told).hasNoCause();
    assertThat(told.getMessage()).doesNotContain("hidden");
    assertThat(((SQLException) told).getSQLState()).isEqualTo("08001");
    assertThat(Database.read(url).name()).doesNotContain("hidden");
  }

  @ParameterizedTest
  @ValueSource(strings = {"jdbc:postgresql://host/shop", "jdbc:sqlite:/data/hidden.db"})
  void anErrorWithoutSecretsStaysAsItIs(String url) {
    SQLException said = new SQLException("no such host: host", new Exception(url));

    Throwable told = Secrets.in(url).without(said);

    assertThat(told).isSameAs(said);
  }
}

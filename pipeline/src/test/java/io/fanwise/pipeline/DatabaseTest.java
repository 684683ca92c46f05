package io.fanwise.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseTest {
  @ParameterizedTest
  @CsvSource({
    "jdbc:postgresql://host:5432/db?user=me&password=secret, jdbc:postgresql://host:5432/db",
    "jdbc:mysql://me:secret@host/db, jdbc:mysql://host/db",
    "jdbc:sqlserver://host;user=me;password=secret, jdbc:sqlserver://host",
    "jdbc:oracle:thin:me/secret@host:1521/db, jdbc:oracle:thin:@host:1521/db",
    "jdbc:sqlite:/data/db, jdbc:sqlite:/data/db"
  })
  void whatTellsADatabaseFromOthersHasNoPassword(String url, String name) {
    assertThat(Database.at(url).name()).isEqualTo(name);
  }

  @Test
  void aFileIsToldByItsPath() {
    assertThat(Database.file("sqlite", Path.of("a.db")).name()).isEqualTo("a.db");
  }
}

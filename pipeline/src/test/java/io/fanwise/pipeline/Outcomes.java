package io.fanwise.pipeline;

import io.fanwise.rows.Bookmark;
import io.fanwise.rows.Reading;
import io.fanwise.rows.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/// The positions whose results an output has, as the formats' own readers find them.
final class Outcomes {
  private Outcomes() {}

  static List<Integer> ofFiles(Path... files) throws IOException {
    List<Integer> indexes = new ArrayList<>();
    try (Source.Cursor rows = Source.rows(Reading.standard(), files).open(Bookmark.START)) {
      while (rows.advance()) {
        indexes.add(Integer.valueOf(((Row) rows.value()).sound().col("index")));
      }
    }
    return indexes;
  }

  static List<Integer> ofTable(String url, String table) throws SQLException {
    List<Integer> indexes = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT * FROM \"" + table + "\"")) {
      while (rows.next()) {
        indexes.add(rows.getInt("index"));
      }
    }
    return indexes;
  }
}

import com.jerolba.carpet.CarpetWriter;
import com.sun.management.OperatingSystemMXBean;
import io.fanwise.Fan;
import io.fanwise.Range;
import io.fanwise.parquet.Parquet;
import io.fanwise.pipeline.Pipeline;
import io.fanwise.pipeline.Sink;
import io.fanwise.pipeline.Source;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/// Rows into a database or a Parquet file: by a pipeline, and by the loop that the library's own
/// guide shows. Both in turn, in one process.
///
/// ```
/// Bulk sqlite|duckdb|parquet ROWS ROUNDS
/// ```
public final class Bulk {
  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  /// Rows in a transaction of the loop, which makes it safe as the pipeline does.
  private static final int TRANSACTION = 10_000;

  private static final int BATCH = 1_000;

  private Bulk() {}

  /// A result: some 100 bytes as JSON.
  record Answer(String name, long count, double score, boolean good, String words, long parent) {
    static Answer of(int i) {
      return new Answer(
          "name" + (i & 1023), i * 7L, i / 3.0, (i & 1) == 0, "some words about " + i, i >> 4);
    }
  }

  private interface Way {
    void write(Path folder, int rows) throws Exception;
  }

  public static void main(String[] args) throws Exception {
    String kind = args[0];
    int rows = Integer.parseInt(args[1]);
    int rounds = Integer.parseInt(args[2]);
    Way loop =
        switch (kind) {
          case "sqlite" -> Bulk::sqlite;
          case "duckdb" -> Bulk::duckdb;
          default -> Bulk::parquet;
        };
    List<double[]> each = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      double[] bare = timed(loop, rows);
      double[] ours = timed((folder, count) -> pipeline(kind, folder, count), rows);
      each.add(new double[] {bare[0], ours[0], bare[1], ours[1]});
      System.out.printf(
          "%s %,d rows: loop %.2f s, %.2f s of processors; pipeline %.2f s, %.2f s of processors; ratio %.2f, of processors %.2f%n",
          kind, rows, bare[0], bare[1], ours[0], ours[1], bare[0] / ours[0], bare[1] / ours[1]);
    }
    System.out.printf(
        "%s medians from the second round on: ratio %.2f, of processors %.2f%n",
        kind,
        median(each, 0) / median(each, 1),
        median(each, 2) / median(each, 3));
  }

  private static double median(List<double[]> all, int column) {
    List<Double> values =
        new ArrayList<>(all.stream().skip(1).map(each -> each[column]).toList());
    Collections.sort(values);
    return values.get(values.size() / 2);
  }

  private static double[] timed(Way way, int rows) throws Exception {
    Path folder = Files.createTempDirectory("bulk");
    long cpu = SYSTEM.getProcessCpuTime();
    long begun = System.nanoTime();
    way.write(folder, rows);
    double[] seconds = {
      (System.nanoTime() - begun) / 1e9, (SYSTEM.getProcessCpuTime() - cpu) / 1e9
    };
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    return seconds;
  }

  private static void pipeline(String kind, Path folder, int rows) {
    Sink<Object> sink =
        switch (kind) {
          case "sqlite" -> Sink.sqlite(folder.resolve("db"), "answers");
          case "duckdb" -> Sink.duckdb(folder.resolve("db"), "answers");
          default -> Parquet.file(folder.resolve("answers.parquet"));
        };
    Pipeline.read(Source.of("numbers", Range.of(0, rows)))
        .map(Answer::of)
        .write(sink)
        .state(folder.resolve("state"))
        .run(Fan.threads(1));
  }

  private static void sqlite(Path folder, int rows) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("db"));
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode=WAL");
      statement.execute("PRAGMA synchronous=FULL");
      statement.execute(
          "CREATE TABLE answers (i INTEGER PRIMARY KEY, name TEXT, count INTEGER, score DOUBLE PRECISION, good BOOLEAN, words TEXT, parent INTEGER)");
      connection.setAutoCommit(false);
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO answers VALUES (?,?,?,?,?,?,?)")) {
        for (int i = 0; i < rows; i++) {
          Answer answer = Answer.of(i);
          insert.setLong(1, i);
          insert.setString(2, answer.name);
          insert.setLong(3, answer.count);
          insert.setDouble(4, answer.score);
          insert.setBoolean(5, answer.good);
          insert.setString(6, answer.words);
          insert.setLong(7, answer.parent);
          insert.addBatch();
          if (i % BATCH == BATCH - 1) {
            insert.executeBatch();
          }
          if (i % TRANSACTION == TRANSACTION - 1) {
            connection.commit();
          }
        }
        insert.executeBatch();
        connection.commit();
      }
    }
  }

  private static void duckdb(Path folder, int rows) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + folder.resolve("db"));
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE answers (i BIGINT, name TEXT, count BIGINT, score DOUBLE, good BOOLEAN, words TEXT, parent BIGINT)");
      try (DuckDBAppender appender =
          connection.unwrap(DuckDBConnection.class).createAppender("answers")) {
        for (int i = 0; i < rows; i++) {
          Answer answer = Answer.of(i);
          appender.beginRow();
          appender.append((long) i);
          appender.append(answer.name);
          appender.append(answer.count);
          appender.append(answer.score);
          appender.append(answer.good);
          appender.append(answer.words);
          appender.append(answer.parent);
          appender.endRow();
        }
      }
    }
  }

  /// What the loop writes to Parquet, with the position as others have it.
  record Row(
      long i, String name, long count, double score, boolean good, String words, long parent) {}

  private static void parquet(Path folder, int rows) throws IOException {
    try (CarpetWriter<Row> writer =
        new CarpetWriter.Builder<>(
                new FileOutputStream(folder.resolve("answers.parquet").toFile()), Row.class)
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .build()) {
      for (int i = 0; i < rows; i++) {
        Answer a = Answer.of(i);
        writer.write(new Row(i, a.name, a.count, a.score, a.good, a.words, a.parent));
      }
    }
  }
}

package io.fanwise.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanwise.Fan;
import io.fanwise.rows.Bookmark;
import io.fanwise.rows.Reading;
import io.fanwise.rows.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is left when a run is killed with -9, again and again, until it has come to its end.
class KilledTest {
  private static final int INPUTS = 60_000;
  private static final int KILLS = 50;

  @TempDir Path folder;

  @Test
  void afterFiftyKillsEveryInputIsInTheOutputOnce() throws Exception {
    Path inputs = folder.resolve("inputs.txt");
    Files.write(inputs, IntStream.range(0, INPUTS).mapToObj(i -> "input " + i).toList());
    Random random = new Random(17);
    int kills = 0;
    Process program = start();
    while (kills < KILLS) {
      if (program.waitFor(250 + random.nextInt(250), TimeUnit.MILLISECONDS)) {
        break;
      }
      program.destroyForcibly().waitFor();
      kills++;
      program = start();
    }

    boolean ended = program.waitFor(5, TimeUnit.MINUTES);

    assertThat(ended).isTrue();
    assertThat(program.exitValue()).as(Files.readString(folder.resolve("log"))).isZero();
    assertThat(kills).isGreaterThan(10);
    assertThat(results("answers.jsonl")).isEqualTo(all());
    assertThat(results("packed.jsonl.zst")).isEqualTo(all());
    assertThat(results("packed.jsonl.gz")).isEqualTo(all());
    assertThat(results(parts("parts", ".csv.gz"))).isEqualTo(all());
    assertThat(files("answers")).isEqualTo(all());
    assertThat(table("jdbc:sqlite:" + folder.resolve("answers.db"))).isEqualTo(all());
    assertThat(table("jdbc:duckdb:" + folder.resolve("answers.duckdb"))).isEqualTo(all());
    assertThat(table("jdbc:h2:" + folder.resolve("h2"))).isEqualTo(all());
    assertThat(results("answers.csv")).isEqualTo(all());
    assertThat(results("packed.tsv.zst")).isEqualTo(all());
  }

  private Process start() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            Program.class.getName(),
            folder.toString())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("log").toFile())
        .start();
  }

  private List<String> all() {
    return IntStream.range(0, INPUTS).mapToObj(i -> i + " input " + i).sorted().toList();
  }

  /// The index and the result of each record, sorted.
  private List<String> results(String... names) throws IOException {
    Path[] files = Stream.of(names).map(folder::resolve).toArray(Path[]::new);
    List<String> results = new ArrayList<>();
    try (Source.Cursor rows = Source.rows(Reading.standard(), files).open(Bookmark.START)) {
      while (rows.advance()) {
        Row row = ((Row) rows.value()).sound();
        results.add(row.col("index") + " " + row.col("result"));
      }
    }
    return results.stream().sorted().toList();
  }

  private static String[] parts(String stem, String extension) {
    return IntStream.rangeClosed(1, INPUTS / 1_000)
        .mapToObj(i -> "%s-%05d%s".formatted(stem, i, extension))
        .toArray(String[]::new);
  }

  /// The name and the content of each file, sorted.
  private List<String> files(String name) throws IOException {
    List<String> results = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder.resolve(name))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.getParent().endsWith(".fan")) {
          results.add(file.getFileName() + " " + Files.readString(file));
        }
      }
    }
    return results.stream().sorted().toList();
  }

  /// The index and the result of each row, sorted.
  private static List<String> table(String url) throws SQLException {
    List<String> results = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT * FROM \"answers\"")) {
      while (row.next()) {
        results.add(row.getLong("index") + " " + row.getString("result"));
      }
    }
    return results.stream().sorted().toList();
  }

  /// The run that is killed.
  static final class Program {
    private Program() {}

    public static void main(String[] args) {
      Path folder = Path.of(args[0]);
      Pipeline.read(Source.lines(folder.resolve("inputs.txt")))
          .map(line -> {
            Thread.sleep(line.hashCode() % 5 + 4);
            return line;
          })
          .write(Sink.jsonLines(folder.resolve("answers.jsonl")))
          .write(Sink.jsonLines(folder.resolve("packed.jsonl.zst")))
          .write(Sink.jsonLines(folder.resolve("packed.jsonl.gz")))
          .write(Sink.csv(folder.resolve("answers.csv")))
          .write(Sink.tsv(folder.resolve("packed.tsv.zst"), "result"))
          .write(Sink.sqlite(folder.resolve("answers.db"), "answers"))
          .write(Sink.duckdb(folder.resolve("answers.duckdb"), "answers"))
          .write(Sink.jdbc("jdbc:h2:" + folder.resolve("h2"), "answers"))
          .write(Sink.folder(folder.resolve("answers"), (index, _) -> index % 10 + "/" + index))
          .write(Sink.csv(folder.resolve("parts.csv.gz")).parts(Parts.ofCount(1_000)))
          .durability(Durability.PROCESS) // the machine goes on
          .run(Fan.virtualThreads(50));
    }
  }
}

package io.fanwise.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanwise.Fan;
import io.fanwise.rows.Bookmark;
import io.fanwise.rows.Reading;
import io.fanwise.rows.Row;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What is left when a run is killed with -9, fifty times, and then comes to its end.
class KilledTest {
  private static final int KILLS = 50;

  /// So many more inputs can be done with each sitting; the rest waits, so that no kill comes after
  /// the end.
  private static final int EACH = 1_000;

  private static final int INPUTS = (KILLS + 1) * EACH;

  @TempDir Path folder;

  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void nothingOutlivesTheTest() {
    started.forEach(Process::destroyForcibly);
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES) // fifty JVMs: 50 s of processor time
  void afterFiftyKillsEveryInputIsInEveryOutputOnce() throws Exception {
    String classPath = classPath();
    Files.write(
        folder.resolve("inputs.txt"),
        IntStream.range(0, INPUTS).mapToObj(i -> "input " + i).toList());
    Random random = new Random(17);

    for (int kills = 0; kills < KILLS; kills++) {
      Process program = start(classPath, (kills + 1) * EACH);
      if (kills % 10 != 9) { // otherwise it may still be starting, or be going on
        awaitCommit(program);
      }
      Thread.sleep(random.nextInt(300));
      assertThat(program.isAlive()).as(log()).isTrue();
      program.destroyForcibly().waitFor();
    }
    Process last = start(classPath, INPUTS);

    assertThat(last.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(last.exitValue()).as(log()).isZero();
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

  /// Waits until a program has made something safe, so that there is something to lose.
  private void awaitCommit(Process program) {
    Path journal = folder.resolve("answers.jsonl.fan/journal");
    long before = journal.toFile().length();
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> !program.isAlive() || journal.toFile().length() > before);
  }

  private String log() throws IOException {
    return Files.readString(folder.resolve("log"));
  }

  /// The class path, with a driver of DuckDB that finds its library in the folder. As it comes, it
  /// unpacks 70 MB with each start, and leaves them behind when it is killed.
  private String classPath() throws IOException {
    List<String> entries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      entries.add(entry.contains("duckdb_jdbc") ? withoutLibrary(entry).toString() : entry);
    }
    return String.join(File.pathSeparator, entries);
  }

  private Path withoutLibrary(String driver) throws IOException {
    Path slim = folder.resolve("duckdb.jar");
    String mine =
        "_%s_%s"
            .formatted(
                System.getProperty("os.name").toLowerCase(Locale.ROOT),
                System.getProperty("os.arch")
                    .replace("x86_64", "amd64")
                    .replace("aarch64", "arm64"));
    try (ZipFile whole = new ZipFile(driver);
        ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(slim))) {
      for (ZipEntry entry : Collections.list(whole.entries())) {
        String name = entry.getName();
        if (name.startsWith("libduckdb_java.so")) {
          if (name.endsWith(mine)) {
            Path library = folder.resolve(System.mapLibraryName("duckdb_java"));
            Files.copy(whole.getInputStream(entry), library);
          }
        } else {
          out.putNextEntry(new ZipEntry(name));
          whole.getInputStream(entry).transferTo(out);
        }
      }
    }
    return slim;
  }

  /// @param limit inputs from there on wait to be killed
  private Process start(String classPath, int limit) throws IOException {
    Process program =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.library.path=" + folder,
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                classPath,
                Program.class.getName(),
                folder.toString(),
                Integer.toString(limit))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    started.add(program);
    return program;
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
      int limit = Integer.parseInt(args[1]);
      Pipeline.read(Source.lines(folder.resolve("inputs.txt")))
          .map(line -> {
            boolean waits = Integer.parseInt(line.substring("input ".length())) >= limit;
            Thread.sleep(waits ? Duration.ofMinutes(5) : Duration.ofMillis(4 + line.length() % 5));
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
          .version("the line itself")
          .durability(Durability.PROCESS) // the machine goes on
          .run(Fan.virtualThreads(20));
    }
  }
}

package io.fanwise.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fanwise.Fan;
import io.fanwise.Range;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is left of tables, one of which refuses some rows, when the process that writes them is
/// killed with -9, or the server that has them.
class KilledTablesTest {
  private static final int INPUTS = 30_000;
  private static final int KILLS = 8;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void afterEachKillEveryInputIsInBothTablesOnceOrInNeither(TriedDatabase.Kind kind)
      throws Exception {
    TriedDatabase database = made(kind);
    Path results = folder.resolve("results.jsonl");
    Random random = new Random(17);
    int kills = 0;
    Process program = start(database.url());
    while (kills < KILLS && program.isAlive()) {
      long before = size(results);
      Process now = program;
      await()
          .atMost(Duration.ofMinutes(1))
          .pollInterval(Duration.ofMillis(5))
          .until(() -> size(results) > before || !now.isAlive());
      if (program.waitFor(random.nextInt(150), TimeUnit.MILLISECONDS)) {
        break;
      }
      program.destroyForcibly().waitFor();
      kills++;
      program = start(database.url());
    }

    boolean ended = program.waitFor(2, TimeUnit.MINUTES);

    assertThat(ended).isTrue();
    assertThat(program.exitValue()).as(Files.readString(folder.resolve("log"))).isZero();
    assertThat(kills).isGreaterThan(2);
    assertThat(database.indexes("answers")).isEqualTo(sound());
    assertThat(database.indexes("people")).isEqualTo(sound());
    assertThat(Outcomes.ofFiles(results)).containsExactlyInAnyOrderElementsOf(sound());
  }

  @ParameterizedTest
  @EnumSource(names = {"POSTGRESQL", "MARIADB"})
  void whenTheServerIsKilledTheRunBreaksAndGoesOnOnceItIsBack(TriedDatabase.Kind kind)
      throws Exception {
    TriedDatabase database = made(kind);
    DatabaseServer server =
        kind == TriedDatabase.Kind.MARIADB ? MariaServer.shared() : PostgresServer.shared();
    AtomicInteger calls = new AtomicInteger();
    Path results = folder.resolve("results.jsonl");
    AtomicLong committed = new AtomicLong(Long.MAX_VALUE);
    ExecutorService killer = Executors.newSingleThreadExecutor();
    Pipeline<Integer, Map<String, Object>> pipeline =
        pipeline(
            database.url(),
            folder,
            i -> {
              if (calls.incrementAndGet() % 500 == 0 && size(results) > committed.get()) {
                committed.set(Long.MAX_VALUE);
                killer.execute(() -> kill(server));
              }
            });

    for (int kill = 0; kill < 3; kill++) {
      committed.set(size(results));
      assertThatThrownBy(() -> pipeline.run(Fan.virtualThreads(50)))
          .isInstanceOf(RunBroken.class)
          .hasMessageContaining("run it again to go on")
          .hasMessageNotContaining(DatabaseServer.PASSWORD);
      killer.submit(() -> server).get(); // it is dead by then
      server.start();
    }
    killer.close();
    Summary summary = pipeline.run(Fan.virtualThreads(50));

    assertThat(summary.before()).isPositive();
    assertThat(database.indexes("answers")).isEqualTo(sound());
    assertThat(database.indexes("people")).isEqualTo(sound());
  }

  private static void kill(DatabaseServer server) {
    try {
      server.kill();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private TriedDatabase made(TriedDatabase.Kind kind) throws Exception {
    TriedDatabase database = TriedDatabase.of(kind, folder);
    database.execute("CREATE TABLE \"people\" (\"index\" INTEGER, \"name\" VARCHAR(40) UNIQUE)");
    return database;
  }

  /// Every thousandth has the name of another.
  private static List<Integer> sound() {
    return IntStream.range(0, INPUTS).filter(i -> i % 1_000 != 999).boxed().toList();
  }

  private interface Before {
    void input(int i) throws IOException;
  }

  private static Pipeline<Integer, Map<String, Object>> pipeline(
      String url, Path folder, Before before) {
    return Pipeline.read(Source.of("numbers", Range.of(0, INPUTS)))
        .<Map<String, Object>>map(i -> {
          before.input(i);
          Thread.sleep(i % 5 + 4);
          return Map.of("name", i % 1_000 == 999 ? "n0" : "n" + i);
        })
        .write(Sink.jsonLines(folder.resolve("results.jsonl")))
        .write(Sink.jdbc(url, "answers"))
        .write(Sink.jdbc(url, "people"))
        .version("1")
        .durability(Durability.PROCESS); // the machine goes on
  }

  private static long size(Path file) throws IOException {
    return Files.exists(file) ? Files.size(file) : 0;
  }

  private Process start(String url) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            Program.class.getName(),
            url,
            folder.toString())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("log").toFile())
        .start();
  }

  /// The run that is killed.
  static final class Program {
    private Program() {}

    public static void main(String[] args) {
      pipeline(args[0], Path.of(args[1]), _ -> {}).run(Fan.virtualThreads(50));
    }
  }
}

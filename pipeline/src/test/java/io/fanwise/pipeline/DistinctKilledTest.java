package io.fanwise.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanwise.Fan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// What is left of a run over inputs of which many are equal when it is killed with -9, again and
/// again. A result says which call it is of.
class DistinctKilledTest {
  private static final int INPUTS = 40_000;
  private static final int KINDS = 8_000;
  private static final int KILLS = 15;

  @TempDir Path folder;

  @Test
  void equalInputsHaveTheResultOfTheSameCallWheneverItWasKilled() throws Exception {
    Path inputs = folder.resolve("inputs.txt");
    Random random = new Random(17);
    Files.write(
        inputs,
        IntStream.range(0, INPUTS).mapToObj(i -> "input " + random.nextInt(KINDS)).toList());
    int kills = 0;
    Process program = start();
    while (kills < KILLS) {
      if (program.waitFor(500 + random.nextInt(1_000), TimeUnit.MILLISECONDS)) {
        break;
      }
      program.destroyForcibly().waitFor();
      kills++;
      program = start();
    }

    boolean ended = program.waitFor(5, TimeUnit.MINUTES);

    assertThat(ended).isTrue();
    assertThat(program.exitValue()).as(Files.readString(folder.resolve("log"))).isZero();
    assertThat(kills).isGreaterThan(3);
    Map<Long, String> lines = lines();
    assertThat(lines).hasSize(INPUTS).isEqualTo(rows());
    Set<String> kinds = new HashSet<>(Files.readAllLines(inputs));
    assertThat(new HashSet<>(lines.values()))
        .as("one call for each kind of input")
        .hasSize(kinds.size());
    assertThat(lines.values().stream().map(result -> result.split(",", -1)[0]))
        .containsExactlyElementsOf(Files.readAllLines(inputs));
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

  /// The result of each index, which is there once.
  private Map<Long, String> lines() throws IOException {
    return Files.readAllLines(folder.resolve("answers.jsonl")).stream()
        .map(JsonMapper.shared()::readTree)
        .collect(
            Collectors.toMap(
                line -> line.get("index").asLong(),
                line -> line.get("result").stringValue(),
                DistinctKilledTest::twice,
                TreeMap<Long, String>::new));
  }

  private Map<Long, String> rows() throws SQLException {
    Map<Long, String> results = new TreeMap<>();
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("answers.db"));
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT * FROM \"answers\"")) {
      while (row.next()) {
        results.merge(row.getLong("index"), row.getString("result"), DistinctKilledTest::twice);
      }
    }
    return results;
  }

  private static String twice(String one, String other) {
    throw new AssertionError("the output has both %s and %s".formatted(one, other));
  }

  /// The run that is killed.
  static final class Program {
    private Program() {}

    public static void main(String[] args) {
      Path folder = Path.of(args[0]);
      Pipeline.read(Source.lines(folder.resolve("inputs.txt")))
          .distinct()
          .map(line -> {
            Thread.sleep(line.hashCode() % 5 + 4);
            return line + "," + UUID.randomUUID();
          })
          .write(Sink.jsonLines(folder.resolve("answers.jsonl")))
          .write(Sink.sqlite(folder.resolve("answers.db"), "answers"))
          .durability(Durability.PROCESS) // the machine goes on
          .run(Fan.virtualThreads(10));
    }
  }
}

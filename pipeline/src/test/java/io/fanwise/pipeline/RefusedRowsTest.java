package io.fanwise.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanwise.Fan;
import io.fanwise.Range;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What becomes of rows that only the database refuses: their inputs have failed, with its reason,
/// and nothing else has.
@ParameterizedClass
@EnumSource(TriedDatabase.Kind.class)
class RefusedRowsTest {
  private static final int INPUTS = 5_000;

  @Parameter TriedDatabase.Kind kind;

  @TempDir Path folder;

  private TriedDatabase database;

  @BeforeEach
  void make() throws Exception {
    database = TriedDatabase.of(kind, folder);
  }

  @Test
  void aRowThatBreaksAConstraintFailsAloneWithTheReasonOfTheDatabase() throws Exception {
    database.execute(
        "CREATE TABLE \"answers\" (\"index\" INTEGER, name VARCHAR(40) NOT NULL UNIQUE, age INTEGER CHECK (age < 100))");
    Path beside = folder.resolve("beside.csv");

    Summary summary =
        Pipeline.read(numbers(INPUTS))
            .map(RefusedRowsTest::person)
            .write(Sink.csv(beside, "name"))
            .write(Sink.jdbc(database.url(), "answers"))
            .state(folder.resolve("state"))
            .run(Fan.sequential());

    assertThat(summary.failed()).isEqualTo(3);
    assertThat(summary.done()).isEqualTo(INPUTS - 3);
    assertThat(database.indexes("answers")).isEqualTo(without(17, 2_500, 4_999));
    assertThat(Outcomes.ofFiles(beside)).isEqualTo(without(17, 2_500, 4_999));
    assertThat(Files.readAllLines(summary.failures()))
        .hasSize(3)
        .allSatisfy(line -> assertThat(line).contains("refuses it; caused by"));
  }

  @Test
  void ofManyBadRowsEachFailsAndTheRestIsWritten() throws Exception {
    database.execute(
        "CREATE TABLE \"answers\" (\"index\" INTEGER, name VARCHAR(40) NOT NULL, age INTEGER)");

    Summary summary =
        Pipeline.read(numbers(2_000))
            .map(i -> row("name", i % 7 == 3 ? null : "n" + i, "age", i))
            .write(Sink.jdbc(database.url(), "answers"))
            .state(folder.resolve("state"))
            .run(Fan.sequential());

    assertThat(summary.failed()).isEqualTo(286);
    assertThat(database.indexes("answers"))
        .isEqualTo(IntStream.range(0, 2_000).filter(i -> i % 7 != 3).boxed().toList());
  }

  @Test
  void aUniqueIndexRefusesToo() throws Exception {
    database.execute("CREATE TABLE \"answers\" (\"index\" INTEGER, name VARCHAR(40))");
    database.execute("CREATE UNIQUE INDEX names ON \"answers\" (name)");

    Summary summary =
        Pipeline.read(numbers(1_000))
            .map(i -> row("name", i == 900 ? "n1" : "n" + i))
            .write(Sink.jdbc(database.url(), "answers"))
            .state(folder.resolve("state"))
            .run(Fan.sequential());

    assertThat(summary.failed()).isEqualTo(1);
    assertThat(database.indexes("answers")).hasSize(999).doesNotContain(900);
  }

  @Test
  void whatAnotherSinkDoesNotTakeIsNotInTheTableEither() throws Exception {
    database.execute("CREATE TABLE \"answers\" (\"index\" INTEGER, name VARCHAR(40) UNIQUE)");
    Path files = folder.resolve("files");

    Summary summary =
        Pipeline.read(numbers(1_000))
            .map(i -> Map.of("name", i == 400 ? "n300" : "n" + i))
            .write(Sink.jdbc(database.url(), "answers"))
            .write(Sink.folder(files, (i, _) -> i == 700 ? "600" : "" + i))
            .state(folder.resolve("state"))
            .run(Fan.sequential());

    assertThat(summary.failed()).isEqualTo(2);
    assertThat(database.indexes("answers")).doesNotContain(400, 700).hasSize(998);
    assertThat(files.resolve("300")).exists();
    assertThat(files.resolve("400")).doesNotExist();
    assertThat(files.resolve("700")).doesNotExist();
  }

  @Test
  void whatTheSecondTableRefusesIsNotInTheFirst() throws Exception {
    database.execute("CREATE TABLE \"answers\" (\"index\" INTEGER, name VARCHAR(40))");
    database.execute("CREATE TABLE \"people\" (\"index\" INTEGER, name VARCHAR(40) NOT NULL)");
    String elsewhere = "jdbc:h2:" + folder.resolve("elsewhere");

    Summary summary =
        Pipeline.read(numbers(1_000))
            .map(i -> row("name", i % 100 == 99 ? null : "n" + i))
            .write(Sink.jdbc(elsewhere, "answers"))
            .write(Sink.jdbc(database.url(), "answers"))
            .write(Sink.jdbc(database.url(), "people"))
            .state(folder.resolve("state"))
            .run(Fan.sequential());

    assertThat(summary.failed()).isEqualTo(10);
    assertThat(database.indexes("answers"))
        .isEqualTo(IntStream.range(0, 1_000).filter(i -> i % 100 != 99).boxed().toList())
        .isEqualTo(database.indexes("people"))
        .isEqualTo(new TriedDatabase(TriedDatabase.Kind.H2, elsewhere).indexes("answers"));
  }

  @Test
  void theRefusedAreToldAndCounted() throws Exception {
    database.execute("CREATE TABLE \"answers\" (\"index\" INTEGER, name VARCHAR(40) NOT NULL)");
    List<FailedInput> told = new ArrayList<>();
    List<RunProgress> progress = new ArrayList<>();

    Pipeline.read(numbers(100))
        .map(i -> row("name", i == 40 ? null : "n" + i))
        .write(Sink.jdbc(database.url(), "answers"))
        .state(folder.resolve("state"))
        .onFailure(told::add)
        .progress(progress::add)
        .run(Fan.sequential());

    assertThat(told).hasSize(1);
    assertThat(told.getFirst().position()).isEqualTo(40);
    assertThat(told.getFirst().error()).hasCauseInstanceOf(SQLException.class);
    assertThat(progress.getLast().failed()).isEqualTo(1);
    assertThat(progress.getLast().done()).isEqualTo(99);
  }

  @Test
  void theRunIsGivenUpWhenTooManyAreRefused() throws Exception {
    database.execute("CREATE TABLE \"answers\" (\"index\" INTEGER, name VARCHAR(40) NOT NULL)");

    Summary summary =
        Pipeline.read(numbers(1_000_000))
            .map(_ -> {
              Thread.sleep(20);
              return row("name", null);
            })
            .write(Sink.jdbc(database.url(), "answers"))
            .state(folder.resolve("state"))
            .halt(Halt.after(100))
            .run(Fan.virtualThreads(8));

    assertThat(summary.complete()).isFalse();
    assertThat(summary.done()).isZero();
    assertThat(summary.failed()).isBetween(100L, 900_000L);
  }

  @Test
  void theRefusedAreRunAgainOnDemand() throws Exception {
    database.execute("CREATE TABLE \"answers\" (\"index\" INTEGER, name VARCHAR(40) NOT NULL)");
    boolean[] sick = {true};
    Pipeline<Integer, Map<String, Object>> pipeline =
        Pipeline.read(numbers(100))
            .map(i -> row("name", sick[0] && i == 40 ? null : "n" + i))
            .write(Sink.jdbc(database.url(), "answers"))
            .state(folder.resolve("state"));
    pipeline.run(Fan.sequential());
    sick[0] = false;

    Summary summary = pipeline.retryFailed().run(Fan.sequential());

    assertThat(summary.failed()).isZero();
    assertThat(database.indexes("answers")).isEqualTo(IntStream.range(0, 100).boxed().toList());
    assertThat(summary.failures()).isEmptyFile();
  }

  private static Map<String, Object> person(int i) {
    return switch (i) {
      case 17 -> row("name", null, "age", 1);
      case 2_500 -> row("name", "n3", "age", 2);
      case 4_999 -> row("name", "n4999", "age", 100);
      default -> row("name", "n" + i, "age", 30);
    };
  }

  private static Map<String, Object> row(Object... namesAndValues) {
    Map<String, Object> row = new HashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      row.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return row;
  }

  private static Map<String, Object> row(String name, Object value) {
    Map<String, Object> row = new HashMap<>();
    row.put(name, value);
    return row;
  }

  private static List<Integer> without(Integer... positions) {
    List<Integer> all = new ArrayList<>(IntStream.range(0, INPUTS).boxed().toList());
    all.removeAll(List.of(positions));
    return all;
  }

  private static Source<Integer> numbers(int count) {
    return Source.of("numbers to " + count, Range.of(0, count));
  }
}

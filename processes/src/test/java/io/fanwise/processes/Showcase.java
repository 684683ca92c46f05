package io.fanwise.processes;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanwise.Fan;
import io.fanwise.shared.Shared;
import io.fanwise.shared.SharedCounter;
import io.fanwise.shared.SharedDoubles;
import io.fanwise.spi.Workers;
import io.fanwise.work.Outcome.Done;
import io.fanwise.work.Outcome.Failed;
import io.fanwise.work.WorkerLost;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The call sites that worker JVMs are designed for. They compile, they run as tests, and
/// `docs/guide/processes.md` shows nothing else.
class Showcase {
  private static final Path GUIDE = Path.of("../docs/guide/processes.md");
  private static final Path HERE = Path.of("src/test/java/io/fanwise/processes/Showcase.java");

  private static final List<Integer> grid = List.of(1, 2, 3, 4);

  private static int fit(int point) {
    return 2 * point;
  }

  private static int dangerous(int point) {
    if (point == 2) {
      Runtime.getRuntime().halt(7);
    }
    if (point == 3) {
      throw new IllegalStateException("no fit for " + point);
    }
    return fit(point);
  }

  static final class Model {
    private static String loadedBy = "";

    static void load(String worker) {
      loadedBy = worker;
    }
  }

  @Test
  void changeTheFirstWord() {
    List<Integer> fits =
        // @start region="where"
        Fan.on(Processes.of(4)).map(grid, x -> fit(x));
    // @end

    assertThat(fits).containsExactly(2, 4, 6, 8);
  }

  @Test
  void settings() {
    // @start region="settings"
    Processes careful =
        Processes.of(2)
            .heap("256m")
            .jvmOptions("-Xss2m")
            .environment("OMP_NUM_THREADS", "1")
            .initializer(worker -> Model.load(worker))
            .recycleAbove("1g")
            .tagged();
    // @end

    List<String> seen =
        Fan.on(careful).map(grid, _ -> System.getenv("OMP_NUM_THREADS") + Model.loadedBy.isEmpty());

    assertThat(seen).containsOnly("1false");
  }

  @Test
  void aDefiniteLifetime() {
    // @start region="lifetime"
    try (Workers workers = Processes.of(2).start()) {
      Fan.on(workers).map(grid, x -> fit(x));
    }
    // @end
  }

  @Test
  void crashesAreOutcomesLikeAnyOther() {
    List<Integer> results = new ArrayList<>();
    List<String> crashed = new ArrayList<>();
    List<Integer> failed = new ArrayList<>();

    // @start region="crashes"
    try (var outcomes = Fan.on(Processes.of(2)).outcomes(grid, x -> dangerous(x))) {
      outcomes.forEach(outcome -> {
        switch (outcome) {
          case Done(var x, var result, _) -> results.add(result);
          case Failed(var x, WorkerLost lost, _) -> crashed.add(x + ": " + lost.getMessage());
          case Failed(var x, var error, _) -> failed.add(x);
        }
      });
    }
    // @end

    assertThat(results).containsExactly(2, 8);
    assertThat(crashed)
        .singleElement()
        .asString()
        .matches("2: worker fan-worker-\\d+ ended with exit code 7 in the middle of the task");
    assertThat(failed).containsExactly(3);
  }

  @Test
  void sharedArrays() {
    double[] values = {1, 2, 3, 4};
    List<Integer> quarters = List.of(0, 1);
    List<Double> sums;

    // @start region="shared arrays"
    try (SharedDoubles prices = SharedDoubles.copyOf(values)) {
      sums =
          Fan.on(Processes.of(2)).map(quarters, q -> prices.slice(q * 2, q * 2 + 2).stream().sum());
    }
    // @end

    assertThat(sums).containsExactly(3.0, 7.0);
  }

  @Test
  void sharedState() {
    // @start region="shared state"
    SharedCounter seen = Shared.counter();
    Fan.on(Processes.of(2)).forEach(grid, x -> seen.increment());
    // @end

    assertThat(seen.get()).isEqualTo(4);
  }

  @Test
  void asExecutor() throws Exception {
    assertThat(score()).isEqualTo(42);
  }

  private static int score() throws Exception {
    // @start region="executor"
    try (ExecutorService executor = Fan.on(Processes.of(2)).executor()) {
      Future<Integer> score = executor.submit((Callable<Integer> & Serializable) () -> fit(21));
      return score.get();
    }
    // @end
  }

  @Test
  void aProcess() {
    // @start region="process"
    JvmProcess<Integer> process = JvmProcess.start(() -> fit(21));
    process.isAlive();
    process.join(ofSeconds(60));
    process.kill();
    // @end

    assertThat(process.result()).isEqualTo(42);
    assertThat(process.exitCode()).hasValue(0);
  }

  @Test
  void theGuideShowsNothingElse() throws IOException {
    String source = squeezed(Files.readString(HERE));
    Matcher shown =
        Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(GUIDE));

    assertThat(shown.results().map(block -> squeezed(block.group(1))))
        .hasSizeGreaterThanOrEqualTo(7)
        .allSatisfy(block -> assertThat(source).contains(block));
  }

  private static String squeezed(String code) {
    return code.replaceAll("\\s+", "");
  }
}

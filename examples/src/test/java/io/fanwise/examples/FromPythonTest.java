package io.fanwise.examples;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.Chunks;
import io.fanwise.Fan;
import io.fanwise.Range;
import io.fanwise.Running;
import io.fanwise.processes.JvmProcess;
import io.fanwise.processes.Processes;
import io.fanwise.shared.Shared;
import io.fanwise.shared.SharedBarrier;
import io.fanwise.shared.SharedCounter;
import io.fanwise.shared.SharedDoubles;
import io.fanwise.shared.SharedEvent;
import io.fanwise.shared.SharedLock;
import io.fanwise.shared.SharedMap;
import io.fanwise.shared.SharedPipe;
import io.fanwise.shared.SharedQueue;
import io.fanwise.shared.SharedSemaphore;
import io.fanwise.spi.Workers;
import io.fanwise.work.Outcome.Done;
import io.fanwise.work.Outcome.Failed;
import io.fanwise.work.Task;
import io.fanwise.work.WorkerLost;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The Java lines of `docs/guide/from-python.md`, run; and a check that they are all here.
class FromPythonTest {
  private static final Path GUIDE = Path.of("../docs/guide/from-python.md");
  private static final Path HERE = Path.of("src/test/java/io/fanwise/examples/FromPythonTest.java");

  private static final List<Integer> xs = List.of(1, 2, 3, 4);

  record Pair(int a, int b) {}

  static int f(int x) {
    return x * x;
  }

  static int g(int a, int b) {
    return a + b;
  }

  static int crash(int x) {
    if (x == 3) {
      Runtime.getRuntime().halt(7);
    }
    return x;
  }

  static final class Model {
    private static String loaded = "";

    static void load(String worker) {
      loaded = worker;
    }

    static boolean ready(int x) {
      return x > 0 && !loaded.isEmpty();
    }
  }

  @Test
  void aPool() throws Exception {
    Fan pool = Fan.on(Processes.of(2));
    List<Integer> seen = new CopyOnWriteArrayList<>();

    List<Integer> squares = pool.map(xs, x -> f(x));
    try (Stream<Integer> each = pool.stream(xs, x -> f(x))) {
      each.forEach(seen::add);
    }
    try (Stream<Integer> each = pool.unordered().stream(xs, x -> f(x))) {
      each.forEach(seen::add);
    }
    List<Pair> pairs = List.of(new Pair(1, 2), new Pair(3, 4));
    List<Integer> sums = pool.map(pairs, pair -> g(pair.a(), pair.b()));
    Running<Integer> later = pool.start(xs, x -> f(x));
    Running<Integer> told =
        later.onDone(results -> seen.addAll(results)).onFailed(error -> seen.clear());
    List<Integer> done = later.get(60, TimeUnit.SECONDS);

    assertThat(told).isSameAs(later);
    assertThat(squares).containsExactly(1, 4, 9, 16).isEqualTo(done);
    assertThat(sums).containsExactly(3, 7);
    assertThat(seen).hasSizeGreaterThanOrEqualTo(8).contains(1, 4, 9, 16);
  }

  @Test
  void whatAPoolIsLike() {
    assertThat(
            Fan.on(Processes.of(1).initializer(worker -> Model.load(worker)))
                .map(xs, x -> Model.ready(x)))
        .containsOnly(true);
    assertThat(Fan.on(Processes.of(1).recycleAfter(2)).map(xs, x -> ProcessHandle.current().pid()))
        .hasSize(4)
        .satisfies(pids -> assertThat(pids.stream().distinct()).hasSize(2));
    assertThat(Fan.on(Processes.of(2)).batch(50).map(Range.of(0, 100), i -> f(i))).hasSize(100);
    try (Workers pool = Processes.of(2).start()) {
      assertThat(Fan.on(pool).map(xs, x -> f(x))).hasSize(4);
    }
  }

  @Test
  void anExecutor() throws Exception {
    try (ExecutorService executor = Fan.on(Processes.of(2)).executor()) {
      Future<Integer> nine = executor.submit((Callable<Integer> & Serializable) () -> f(3));
      Future<Integer> never =
          executor.submit(
              (Callable<Integer> & Serializable)
                  () -> {
                    while (true) {
                      Thread.onSpinWait();
                    }
                  });
      int result = nine.get();
      never.cancel(true); // stops it, whatever it is doing

      assertThat(result).isEqualTo(9);
      assertThat(never).isCancelled();
    }
  }

  @Test
  void aWorkerThatDiesTakesOnlyItsInputWithIt() {
    List<Integer> good = new ArrayList<>();
    List<String> bad = new ArrayList<>();

    try (var outcomes = Fan.on(Processes.of(2)).outcomes(xs, x -> crash(x))) {
      outcomes.forEach(outcome -> {
        switch (outcome) {
          case Done(_, var result, _) -> good.add(result);
          case Failed(var x, WorkerLost lost, _) -> bad.add(x + ": " + lost.exitCode());
          case Failed(var x, var error, _) -> bad.add(x + ": " + error);
        }
      });
    }

    assertThat(good).containsExactly(1, 2, 4);
    assertThat(bad).containsExactly("3: OptionalInt[7]");
  }

  @Test
  void joblib() {
    List<String> told = new CopyOnWriteArrayList<>();

    assertThat(Fan.on(Processes.of(4)).map(xs, x -> f(x))).hasSize(4);
    assertThat(Fan.on(Processes.of(-2)).map(xs, x -> f(x))).hasSize(4);
    assertThat(Fan.threads(4).map(xs, x -> f(x))).hasSize(4);
    assertThat(Fan.sequential().map(xs, x -> f(x))).hasSize(4);
    Fan fan = Fan.on(Processes.of(2));
    assertThat(fan.batch(100).map(xs, x -> f(x))).hasSize(4);
    assertThat(fan.window(8).map(xs, x -> f(x))).hasSize(4);
    assertThat(fan.timeout(ofSeconds(5)).map(xs, x -> f(x))).hasSize(4);
    assertThat(fan.progress(now -> told.add(now.done() + " done, " + now.eta())).map(xs, x -> f(x)))
        .hasSize(4);
    assertThat(fan.asDefault(() -> Fan.out().map(xs, x -> f(x)))).hasSize(4);
    assertThat(fan.map(Chunks.contiguous(xs, 2), chunk -> chunk.size())).containsExactly(2, 2);
    assertThat(told).isNotEmpty();
  }

  @Test
  void arrays() {
    double[] values = {1, 2, 3, 4};

    assertThat(Fan.on(Processes.of(2)).map(Range.of(0, 4), i -> values[i]))
        .containsExactly(1.0, 2.0, 3.0, 4.0);
    try (SharedDoubles prices = SharedDoubles.copyOf(values)) {
      List<Double> sums =
          Fan.on(Processes.of(2))
              .map(Range.of(0, 2), i -> prices.slice(2 * i, 2 * i + 2).stream().sum());

      assertThat(sums).containsExactly(3.0, 7.0);
    }
    try (SharedDoubles out = SharedDoubles.create(4)) {
      Fan.on(Processes.of(2)).forEach(Range.of(0, 4), i -> out.set(i, 10.0 * i));

      assertThat(out.toArray()).containsExactly(0, 10, 20, 30);
    }
  }

  @Test
  void state() throws Exception {
    Fan pool = Fan.on(Processes.of(2));
    SharedCounter counter = Shared.counter();
    SharedLock lock = Shared.lock();
    SharedMap<String, Integer> map = Shared.map();
    SharedEvent event = Shared.event();
    SharedSemaphore permits = Shared.semaphore(2);
    SharedBarrier barrier = Shared.barrier(2);

    pool.forEach(xs, x -> counter.increment());
    pool.forEach(xs, x -> lock.locked(() -> map.put("last", x)));
    pool.forEach(xs, x -> map.merge("sum", x, Integer::sum));
    pool.forEach(List.of(1), x -> event.set());
    event.await();
    pool.forEach(
        xs,
        x -> {
          permits.acquire();
          permits.release();
        });
    pool.batch(1).forEach(List.of(1, 2), x -> barrier.await());

    assertThat(counter.get()).isEqualTo(4);
    assertThat(map).containsEntry("sum", 10).containsKey("last");
    assertThat(permits.available()).isEqualTo(2);
  }

  @Test
  void aProcess() {
    JvmProcess<Integer> p = JvmProcess.start(() -> f(5));
    JvmProcess<Integer> spinning =
        JvmProcess.on(Processes.of(1))
            .name("fit")
            .daemon()
            .start(() -> {
              while (true) {
                Thread.onSpinWait();
              }
            });

    int result = p.result();
    p.join();
    boolean ended = p.join(ofSeconds(60));
    boolean there = spinning.isAlive();
    spinning.terminate();
    spinning.kill();
    spinning.join();
    p.onExit().join();
    p.close();

    assertThat(result).isEqualTo(25);
    assertThat(ended).isTrue();
    assertThat(p.isAlive()).isFalse();
    assertThat(p.exitCode()).hasValue(0);
    assertThat(p.pid()).isPositive();
    assertThat(p.name()).isNotEmpty();
    assertThat(there).isTrue();
    assertThat(spinning.name()).isEqualTo("fit");
    assertThat(spinning.exitCode()).hasValue(137);
  }

  @Test
  void aQueueAndAPipe() throws Exception {
    SharedPipe<String> pipe = Shared.pipe();
    SharedPipe.End<String> theirs = pipe.second();

    SharedQueue<Integer> queue = Shared.queue(10);
    Running<Integer> producer =
        Fan.on(Processes.of(1))
            .start(
                xs,
                x -> {
                  queue.put(f(x));
                  return x;
                });
    int first = queue.take();
    producer.get();
    queue.close();
    List<Integer> rest = new ArrayList<>();
    queue.forEach(rest::add);

    Running<String> echo =
        Fan.on(Processes.of(1))
            .start(
                List.of("!"),
                mark -> {
                  theirs.send(theirs.receive() + mark);
                  return mark;
                });
    pipe.first().send("hello");
    String answer = pipe.first().receive();
    echo.get();

    assertThat(first).isEqualTo(1);
    assertThat(rest).containsExactly(4, 9, 16);
    assertThat(answer).isEqualTo("hello!");
  }

  @Test
  void lambdasTravelWithWhatTheyCapture() {
    int factor = 3;
    Task<Integer, Integer> scaled = x -> x * factor;
    Object connection = new Object();

    assertThat(Fan.on(Processes.of(2)).map(xs, scaled)).containsExactly(3, 6, 9, 12);
    assertThatThrownBy(() -> Fan.on(Processes.of(2)).map(xs, x -> x + connection.hashCode()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.Object")
        .hasMessageContaining("not serializable");
  }

  @Test
  void aTimeLimitEndsWhatDoesNotListen() {
    Fan strict = Fan.on(Processes.of(2)).timeout(ofSeconds(2), ofMillis(100));

    try (var outcomes =
        strict.outcomes(
            List.of(1),
            x -> {
              while (true) {
                Thread.onSpinWait();
              }
            })) {
      assertThat(outcomes).singleElement().isInstanceOf(Failed.class);
    }
  }

  @Test
  void everyJavaLineOfTheGuideIsOneOfThese() throws IOException {
    String source = squeezed(Files.readString(HERE));
    String guide = Files.readString(GUIDE);
    List<String> shown = new ArrayList<>();

    Matcher blocks = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(guide);
    while (blocks.find()) {
      shown.add(blocks.group(1));
    }
    Matcher rows =
        Pattern.compile("(?m)^\\|.*?[^\\\\]\\|\\s*`([^`]+)`[^|]*\\|\\s*$").matcher(guide);
    while (rows.find()) {
      shown.add(rows.group(1));
    }

    assertThat(shown).hasSizeGreaterThan(25);
    assertThat(shown).allSatisfy(code -> assertThat(source).contains(squeezed(code)));
  }

  private static String squeezed(String code) {
    return code.replaceAll("\\s+", "");
  }
}

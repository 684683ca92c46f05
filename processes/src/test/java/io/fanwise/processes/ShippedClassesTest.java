package io.fanwise.processes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.processes.worker.Answer;
import io.fanwise.processes.worker.Question;
import io.fanwise.processes.worker.ShippedClasses;
import io.fanwise.work.Task;
import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Classes that a worker does not have come from its parent.
class ShippedClassesTest {

  private static final String TRIPLE =
      """
      package com.acme;
      import io.fanwise.work.Task;
      public class Triple {
        record Three(int x) { int times() { return 3 * x; } }
        public static Task<Integer, Integer> task() { return x -> new Three(x).times(); }
        public static Object value() { return new int[][] {{1}}; }
      }
      """;

  @Test
  void aLoaderThatHidesItsBytesIsNamedWithTheClass() throws Exception {
    var hiding =
        new InMemory(
            Compiled.of("com.acme.Triple", TRIPLE),
            getClass().getClassLoader(),
            InMemory.Bytes.GONE);
    var task = task(hiding, "com.acme.Triple");

    assertThatThrownBy(() -> new Trip().there(task))
        .isInstanceOf(ClassNotFoundException.class)
        .hasMessage(
            "com.acme.Triple: class loader InMemory of the parent JVM does not show its bytes. Let"
                + " its getResourceAsStream answer to \"com/acme/Triple.class\".");
  }

  @Test
  void itsParentsClassOfThatNameIsNotSentInstead() throws Exception {
    var above = InMemory.of(Compiled.of("com.acme.Triple", TRIPLE));
    var hiding =
        new InMemory(
            Compiled.of("com.acme.Triple", TRIPLE.replace("task()", "other()")),
            above,
            InMemory.Bytes.GONE);

    assertThat(ClassFiles.of(hiding.loadClass("com.acme.Triple"))).isNull();
    assertThat(ClassFiles.of(above.loadClass("com.acme.Triple"))).isNotNull();
  }

  @Test
  void classesOfTheJdkAreNeverSent() {
    var parent = new ParentClasses(new Origins());

    assertThat(parent.ask(question(Question.HOME, "java.sql.Connection")))
        .isInstanceOfSatisfying(
            Answer.Missing.class,
            missing ->
                assertThat(missing.why()).contains("module java.sql").contains("never sent"));
  }

  @Test
  void aBrokenLineIsSaidAndNotTakenForANo() throws Exception {
    var trip = new Trip();
    var task = task(InMemory.of(Compiled.of("com.acme.Triple", TRIPLE)), "com.acme.Triple");
    int number = trip.origins.number(task.getClass().getClassLoader());
    var broken = new boolean[] {true};
    var worker =
        new ShippedClasses(
            question -> {
              if (broken[0]) {
                throw new IOException("Broken pipe");
              }
              return trip.parent.ask(question);
            },
            getClass().getClassLoader());

    assertThatThrownBy(() -> worker.loader(number).loadClass("com.acme.Triple"))
        .isInstanceOf(ClassNotFoundException.class)
        .hasMessageContaining("Broken pipe");
    broken[0] = false;
    assertThat(worker.loader(number).loadClass("com.acme.Triple")).isNotNull();
  }

  @Test
  void whatIsMissingIsAskedForOnlyOnceUnlessADecoderNamesIt() throws Exception {
    var trip = new Trip();
    var parents = InMemory.of(Compiled.of("com.acme.Triple", TRIPLE));
    int number = trip.origins.number(parents);
    var loader = trip.worker.loader(number);

    assertThatThrownBy(() -> loader.loadClass("com.acme.Nowhere"))
        .hasMessage(
            "com.acme.Nowhere: class loader " + parents + " of the parent JVM has no such class")
        .isInstanceOf(ClassNotFoundException.class);
    assertThatThrownBy(() -> loader.loadClass("com.acme.Nowhere"))
        .isInstanceOf(ClassNotFoundException.class);
    assertThat(trip.questions).hasSize(1);
    assertThatThrownBy(() -> trip.worker.find(number, "com.acme.Nowhere"))
        .isInstanceOf(ClassNotFoundException.class);
    assertThat(trip.questions).hasSize(2);
  }

  @Test
  void aTaskCompiledInMemoryRunsWhereItsClassesAreNot() throws Exception {
    var trip = new Trip();
    var task = task(InMemory.of(Compiled.of("com.acme.Triple", TRIPLE)), "com.acme.Triple");

    var there = trip.there(task);

    assertThat(there.run(14)).isEqualTo(42);
    assertThat(there.getClass().getClassLoader()).isNotSameAs(task.getClass().getClassLoader());
    assertThat(there.getClass().getProtectionDomain().getCodeSource().getLocation())
        .hasToString("fanwise:/1/");
    assertThat(there.getClass().getPackageName()).isEqualTo("com.acme");
  }

  @Test
  void bytesThatALoaderKeepsButDoesNotShowAreFound() throws Exception {
    var compiled = Compiled.of("com.acme.Triple", TRIPLE);
    var loader = new InMemory(compiled, getClass().getClassLoader(), InMemory.Bytes.KEPT);

    assertThat(new Trip().there(task(loader, "com.acme.Triple")).run(14)).isEqualTo(42);
  }

  @Test
  void bytesThatCameForOneLoaderDoNotComeAgainForAnother() throws Exception {
    var trip = new Trip();
    var compiled = Compiled.of("com.acme.Triple", TRIPLE);
    trip.there(task(InMemory.of(compiled), "com.acme.Triple")).run(1);
    long before = trip.sent();

    var again = trip.there(task(InMemory.of(compiled), "com.acme.Triple"));

    assertThat(again.run(2)).isEqualTo(6);
    assertThat(before).isEqualTo(2);
    assertThat(trip.sent()).isEqualTo(before);
    assertThat(trip.answers).filteredOn(Answer.Known.class::isInstance).hasSize(2);
  }

  @Test
  void classesOfOneNameAndDifferentContentStayApart() throws Exception {
    var trip = new Trip();
    var three = task(InMemory.of(Compiled.of("com.acme.Triple", TRIPLE)), "com.acme.Triple");
    var four =
        task(
            InMemory.of(Compiled.of("com.acme.Triple", TRIPLE.replace("3 *", "4 *"))),
            "com.acme.Triple");

    var threeThere = trip.there(three);
    var fourThere = trip.there(four);

    assertThat(List.of(threeThere.run(1), fourThere.run(1))).containsExactly(3, 4);
  }

  @Test
  void aClassThatTwoLoadersShareIsOneClassThereToo() throws Exception {
    var trip = new Trip();
    var shared = InMemory.of(Compiled.of("com.acme.Triple", TRIPLE));
    var one = new InMemory(new Compiled(Map.of()), shared, InMemory.Bytes.SHOWN);
    var two = new InMemory(new Compiled(Map.of()), shared, InMemory.Bytes.SHOWN);

    var first = trip.worker.find(trip.origins.number(one), "com.acme.Triple");
    var second = trip.worker.find(trip.origins.number(two), "com.acme.Triple");

    assertThat(first).isSameAs(second);
    assertThat(trip.sent()).isEqualTo(1);
  }

  @Test
  void aValueMayBeOfALoaderThatTheTaskDoesNotKnow() throws Exception {
    var trip = new Trip();
    Object stranger =
        InMemory.of(
                Compiled.of(
                    "com.acme.Stranger",
                    "package com.acme; public record Stranger(int x) implements java.io.Serializable {}"))
            .loadClass("com.acme.Stranger")
            .getDeclaredConstructor(int.class)
            .newInstance(7);
    Task<Integer, String> task = _ -> stranger.toString();

    var there = trip.there(task);

    assertThat(there.run(0)).isEqualTo("Stranger[x=7]");
  }

  @Test
  void twoClassesOfOneNameInOneTaskAreRefused() throws Exception {
    var trip = new Trip();
    var one = InMemory.of(Compiled.of("com.acme.Triple", TRIPLE));
    var other = InMemory.of(Compiled.of("com.acme.Triple", TRIPLE)).loadClass("com.acme.Triple");

    assertThatThrownBy(() -> trip.parent.sends(one, other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has another class of that name, from class loader InMemory");
  }

  @Test
  void whatOnlyTheParentsApplicationLoaderHasComesAsWell() throws Exception {
    var jdkOnly = new Seeing(ClassLoader.getPlatformClassLoader(), "io.fanwise.work.");
    var trip = new Trip(jdkOnly);

    var there = trip.worker.find(Question.HOME, Compiled.class.getName());

    assertThat(there).isNotSameAs(Compiled.class);
    assertThat(trip.sent()).isEqualTo(1);
    assertThat(trip.worker.find(Question.HOME, Task.class.getName())).isSameAs(Task.class);
  }

  @Test
  void aLoaderThatPrefersItsOwnSendsItsOwn(@TempDir Path dir) throws Exception {
    var trip = new Trip();
    Path classes = write(dir, Compiled.of("com.acme.Triple", TRIPLE.replace("3 *", "5 *")));
    var above = InMemory.of(Compiled.of("com.acme.Triple", TRIPLE));
    Files.writeString(classes.resolve("com/acme/factor.txt"), "five");
    Files.createDirectories(classes.resolve("META-INF/services"));
    Files.writeString(classes.resolve("META-INF/services/com.acme.Factor"), "com.acme.Triple");

    try (var loader = new ChildFirst(classes.toUri().toURL(), above)) {
      var there = trip.there(task(loader, "com.acme.Triple"));
      var mirror = there.getClass().getClassLoader();

      assertThat(there.run(2)).isEqualTo(10);
      try (var in = mirror.getResourceAsStream("com/acme/factor.txt")) {
        assertThat(in).isNotNull();
        assertThat(new String(in.readAllBytes(), UTF_8)).isEqualTo("five");
      }
      assertThat(mirror.getResource("com/acme/nothing.txt")).isNull();
      assertThat(Collections.list(mirror.getResources("META-INF/services/com.acme.Factor")))
          .hasSize(1);
    }
  }

  @Test
  void classesOfAModuleAreSentWithoutIt(@TempDir Path dir) throws Exception {
    write(
        dir,
        Compiled.of(
            "com.acme.Plain",
            "package com.acme; public class Plain { public static int value() { return 42; } }"));
    write(dir, Compiled.of("module-info", "module acme {}"));
    var modules = ModuleFinder.of(dir);
    var boot = ModuleLayer.boot();
    var layer =
        boot.defineModulesWithOneLoader(
            boot.configuration().resolve(modules, ModuleFinder.of(), Set.of("acme")),
            getClass().getClassLoader());
    var trip = new Trip();
    var loader = layer.findLoader("acme");

    var there = trip.worker.find(trip.origins.number(loader), "com.acme.Plain");

    assertThat(loader.loadClass("com.acme.Plain").getModule().isNamed()).isTrue();
    assertThat(there.getModule().isNamed()).isFalse();
    assertThat(there.getMethod("value").invoke(null)).isEqualTo(42);
    assertThat(trip.sent()).isEqualTo(1);
  }

  @Test
  void manyThreadsMayNeedTheSameClasses() throws Exception {
    var trip = new Trip();
    var names = IntStream.range(0, 30).mapToObj(i -> "com.acme.Many$C" + i).toList();
    var nested =
        IntStream.range(0, 30)
            .mapToObj(
                i -> "public static class C" + i + (i > 0 ? " extends C" + (i - 1) : "") + " {}")
            .collect(Collectors.joining(" "));
    var loader =
        InMemory.of(Compiled.of("com.acme.Many", "package com.acme; class Many {" + nested + "}"));
    int number = trip.origins.number(loader);

    var found = new ConcurrentLinkedQueue<Class<?>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 8; i++) {
        var order = new ArrayList<>(names);
        Collections.shuffle(order, new Random(i));
        threads.execute(() -> order.forEach(name -> found.add(find(trip, number, name))));
      }
    }

    assertThat(found).hasSize(8 * 30);
    assertThat(Set.copyOf(found)).hasSize(30);
    assertThat(trip.sent()).isEqualTo(30);
    assertThat(trip.origins.number(loader)).isEqualTo(number);
  }

  private static Class<?> find(Trip trip, int loader, String name) {
    try {
      return trip.worker.find(loader, name);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aProgramThatIsStartedFromItsSourceIsSentToo(@TempDir Path dir) throws Exception {
    Path source =
        Files.writeString(
            dir.resolve("Program.java"),
            """
            import io.fanwise.processes.Shell;

            class Program {
              record Point(int x, int y) {}

              public static void main(String[] args) throws Exception {
                String said = Shell.run(x -> new Point(x, 2).toString(), 1);
                System.out.print(said);
              }
            }
            """);

    var program =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                source.toString())
            .redirectErrorStream(true)
            .start();

    assertThat(new String(program.getInputStream().readAllBytes(), UTF_8))
        .isEqualTo("Point[x=1, y=2]");
  }

  @Test
  void aLoaderIsNotKeptAlive() throws Exception {
    var trip = new Trip();
    var numbers = new ArrayList<Integer>();
    numbers.add(sent(trip));

    Awaitility.await()
        .untilAsserted(() -> {
          System.gc();
          assertThat(trip.origins.gone()).containsAll(numbers);
        });

    assertThat(trip.parent.ask(question(numbers.getFirst(), "com.acme.Triple")))
        .isInstanceOf(Answer.Missing.class);
  }

  private static int sent(Trip trip) throws Exception {
    var task = task(InMemory.of(Compiled.of("com.acme.Triple", TRIPLE)), "com.acme.Triple");
    trip.there(task);
    return trip.origins.number(task.getClass().getClassLoader());
  }

  @SuppressWarnings("unchecked")
  private static Task<Integer, Integer> task(ClassLoader loader, String name) throws Exception {
    return (Task<Integer, Integer>) loader.loadClass(name).getMethod("task").invoke(null);
  }

  private static Question question(int loader, String name) {
    return new Question(loader, Question.Wanted.CLASS, name, List.of());
  }

  private static Path write(Path dir, Compiled compiled) throws IOException {
    for (var entry : compiled.classes().entrySet()) {
      Path file = dir.resolve(entry.getKey().replace('.', '/') + ".class");
      Files.createDirectories(file.getParent());
      Files.write(file, entry.getValue());
    }
    return dir;
  }

  /// Sees the JDK and what has one prefix: the class path of a worker that has little.
  private static final class Seeing extends ClassLoader {
    private final String prefix;

    Seeing(ClassLoader parent, String prefix) {
      super(parent);
      this.prefix = prefix;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (name.startsWith(prefix)) {
        return Class.forName(name);
      }
      throw new ClassNotFoundException(name);
    }
  }

  private static final class ChildFirst extends URLClassLoader {
    ChildFirst(URL url, ClassLoader parent) {
      super(new URL[] {url}, parent);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      @Nullable Class<?> loaded = findLoadedClass(name);
      if (loaded != null) {
        return loaded;
      }
      return findResource(name.replace('.', '/') + ".class") != null
          ? findClass(name)
          : super.loadClass(name, resolve);
    }
  }
}

package io.fanwise;

import io.fanwise.backends.Sequential;
import io.fanwise.backends.Threads;
import io.fanwise.backends.VirtualThreads;
import io.fanwise.example.ThreadPerCall;
import io.fanwise.processes.Processes;
import io.fanwise.spi.Backend;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The backends on which every promise is kept. A new one starts by being added here.
///
/// Tasks in the tests share what [io.fanwise.shared.Shared] makes, so that they may run in any JVM.
/// The few promises that mean nothing there, about threads and about objects that stay the same,
/// are marked as such.
final class Fans {
  /// No backend here has more workers.
  static final int MOST_JOBS = 20;

  private Fans() {}

  /// The test runs on every backend: it takes a [Fan].
  @Target(ElementType.METHOD)
  @Retention(RetentionPolicy.RUNTIME)
  @ParameterizedTest(name = "{0}")
  @MethodSource("io.fanwise.Fans#fans")
  @interface OnEveryBackend {}

  /// The test runs where somebody else than the caller works: it takes a [Fan].
  @Target(ElementType.METHOD)
  @Retention(RetentionPolicy.RUNTIME)
  @ParameterizedTest(name = "{0}")
  @MethodSource("io.fanwise.Fans#fansWithWorkers")
  @interface OnWorkers {}

  /// The test runs where two inputs are worked on at the same time: it takes a [Fan].
  @Target(ElementType.METHOD)
  @Retention(RetentionPolicy.RUNTIME)
  @ParameterizedTest(name = "{0}")
  @MethodSource("io.fanwise.Fans#fansWithSeveralWorkers")
  @interface OnSeveralWorkers {}

  /// The test runs where tasks and their caller share one JVM, for it is about their threads or the
  /// identity of objects: it takes a [Fan].
  @Target(ElementType.METHOD)
  @Retention(RetentionPolicy.RUNTIME)
  @ParameterizedTest(name = "{0}")
  @MethodSource("io.fanwise.Fans#fansInThisJvm")
  @interface InThisJvm {}

  /// The test runs where somebody else than the caller works, but in the same JVM, for it is about
  /// their threads or the identity of objects: it takes a [Fan].
  @Target(ElementType.METHOD)
  @Retention(RetentionPolicy.RUNTIME)
  @ParameterizedTest(name = "{0}")
  @MethodSource("io.fanwise.Fans#fansWithWorkersInThisJvm")
  @interface WorkersInThisJvm {}

  static List<Backend> backends() {
    return Stream.concat(Stream.of(new Sequential()), withWorkers().stream()).toList();
  }

  static List<Backend> withWorkers() {
    return Stream.concat(Stream.of(new Threads(1), Processes.of(1)), withSeveralWorkers().stream())
        .toList();
  }

  static List<Backend> withSeveralWorkers() {
    return List.of(
        new Threads(2),
        new Threads(4),
        new VirtualThreads(MOST_JOBS),
        new ThreadPerCall(3),
        Processes.of(2));
  }

  static List<Backend> inThisJvm() {
    return backends().stream().filter(Fans::isInThisJvm).toList();
  }

  static List<Backend> withWorkersInThisJvm() {
    return withWorkers().stream().filter(Fans::isInThisJvm).toList();
  }

  private static boolean isInThisJvm(Backend backend) {
    return !(backend instanceof Processes);
  }

  static Stream<Named<Fan>> fans() {
    return fans(backends());
  }

  static Stream<Named<Fan>> fansWithWorkers() {
    return fans(withWorkers());
  }

  static Stream<Named<Fan>> fansWithSeveralWorkers() {
    return fans(withSeveralWorkers());
  }

  static Stream<Named<Fan>> fansInThisJvm() {
    return fans(inThisJvm());
  }

  static Stream<Named<Fan>> fansWithWorkersInThisJvm() {
    return fans(withWorkersInThisJvm());
  }

  private static Stream<Named<Fan>> fans(List<Backend> backends) {
    return backends.stream().map(backend -> Named.of(backend.toString(), Fan.on(backend)));
  }
}

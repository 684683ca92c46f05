package io.fanwise;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.Fans.InThisJvm;
import io.fanwise.Fans.OnEveryBackend;
import io.fanwise.Fans.OnWorkers;
import io.fanwise.backends.Threads;
import io.fanwise.backends.VirtualThreads;
import io.fanwise.spi.Backend;
import io.fanwise.spi.Workers;
import java.io.IOException;
import java.io.Serializable;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What surrounds a task: the default fan, scoped values, the class loader.
class ContextTest {
  private static final ScopedValue<String> USER = ScopedValue.newInstance();
  private static final ScopedValue<String> UNBOUND = ScopedValue.newInstance();

  @OnEveryBackend
  void aDefaultIsForCodeThatDoesNotSayWhere(Fan fan) {
    Set<String> expected = workersOf(fan);

    Set<String> used = fan.asDefault(() -> workersOf(Fan.out()));

    assertThat(kinds(used)).isEqualTo(kinds(expected));
  }

  @Test
  void anInnerDefaultBeatsAnOuterOneAndAnExplicitChoiceBoth() {
    Fan outer = Fan.threads(2);
    Fan inner = Fan.virtualThreads(3);

    outer.asDefault(() -> {
      assertThat(Fan.out()).isSameAs(outer);
      inner.asDefault(() -> {
        assertThat(Fan.out()).isSameAs(inner);
        assertThat(kinds(workersOf(Fan.sequential()))).containsExactly("sequential");
        return "inner";
      });
      assertThat(Fan.out()).isSameAs(outer);
      return "outer";
    });

    assertThat(Fan.out()).isNotSameAs(outer);
  }

  @Test
  void aDefaultBringsItsWholeRecipe() {
    assertThatThrownBy(() ->
            Fan.threads(2)
                .timeout(ofMillis(50))
                .asDefault(() -> Fan.out().map(List.of(1), i -> Observed.untilInterrupted())))
        .isInstanceOf(TaskFailed.class)
        .hasMessageContaining("timed out");
  }

  @Test
  void whatTheBodyOfADefaultThrowsComesOut() {
    assertThatThrownBy(() ->
            Fan.threads(2)
                .asDefault(() -> {
                  throw new IOException("from inside");
                }))
        .isInstanceOf(IOException.class)
        .hasMessage("from inside");
  }

  @OnEveryBackend
  void insideATaskAnotherDefaultMayBeChosen(Fan fan) {
    List<Boolean> chosen =
        fan.map(
            List.of(1),
            i -> {
              Fan inner = Fan.virtualThreads(2);
              return inner.asDefault(() -> Fan.out() == inner);
            });

    assertThat(chosen).containsExactly(true);
  }

  @OnEveryBackend
  void scopedValuesAreCarriedToTheWorkersIfAsked(Fan fan) throws Exception {
    Fan carrying = fan.carrying(USER, UNBOUND);

    ScopedValue.where(USER, "ada")
        .call(() -> {
          assertThat(carrying.map(List.of(1, 2), i -> USER.get() + i))
              .containsExactly("ada1", "ada2");
          assertThat(Stream.of(1, 2).gather(carrying.mapping(i -> USER.get() + i)))
              .containsExactly("ada1", "ada2");
          assertThat(carrying.start(List.of(1, 2), i -> USER.get() + i).get())
              .containsExactly("ada1", "ada2");
          try (ExecutorService executor = carrying.executor()) {
            var user = (Callable<String> & Serializable) () -> USER.get();
            assertThat(executor.submit(user).get()).isEqualTo("ada");
          }
          assertThat(carrying.map(List.of(1), i -> UNBOUND.isBound())).containsExactly(false);
          return "done";
        });
  }

  @OnWorkers
  void scopedValuesStayAtHomeIfNot(Fan fan) {
    boolean bound =
        ScopedValue.where(USER, "ada")
            .call(() -> fan.map(List.of(1), i -> USER.isBound()).getFirst());

    assertThat(bound).isFalse();
  }

  @OnEveryBackend
  void theyAreThoseOfTheThreadThatMadeTheStream(Fan fan) {
    Stream<String> results =
        ScopedValue.where(USER, "ada")
            .call(() -> fan.carrying(USER).stream(List.of(1), i -> USER.get()));

    assertThat(results).containsExactly("ada");
  }

  @InThisJvm // a class loader does not travel, though its classes do
  void tasksSeeTheContextClassLoaderOfTheCaller(Fan fan) throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader usual = thread.getContextClassLoader();
    try (URLClassLoader mine = new URLClassLoader(new URL[0], usual)) {
      thread.setContextClassLoader(mine);
      assertThat(fan.map(Range.of(0, 50), i -> Thread.currentThread().getContextClassLoader()))
          .containsOnly(mine);
      assertThat(fan.start(List.of(1), i -> Thread.currentThread().getContextClassLoader()).get())
          .containsOnly(mine);
    } finally {
      thread.setContextClassLoader(usual);
    }
    assertThat(fan.map(Range.of(0, 50), i -> Thread.currentThread().getContextClassLoader()))
        .containsOnly(usual);
  }

  @Test
  void workersDoNotInheritThreadLocals() {
    InheritableThreadLocal<String> inherited = new InheritableThreadLocal<>();
    inherited.set("of the caller");

    for (Backend backend : List.of(new Threads(2), new VirtualThreads(2))) {
      try (Workers workers = backend.start()) {
        assertThat(Fan.on(workers).map(Range.of(0, 50), i -> inherited.get() != null))
            .containsOnly(false);
      }
    }
  }

  @OnEveryBackend
  void aRunMayBeMadeOnAnyThread(Fan fan) {
    List<Integer> results =
        CompletableFuture.supplyAsync(() -> fan.map(Range.of(0, 500), i -> i)).join();

    assertThat(results).containsExactlyElementsOf(Range.of(0, 500));
  }

  private static Set<String> workersOf(Fan fan) {
    Set<String> names = ConcurrentHashMap.newKeySet();
    fan.outcomes(Range.of(0, 20), i -> i).forEach(outcome -> names.add(outcome.worker()));
    return names;
  }

  /// Names without their numbers.
  private static Set<String> kinds(Set<String> names) {
    Set<String> kinds = ConcurrentHashMap.newKeySet();
    names.forEach(name -> kinds.add(name.replaceAll("-\\d+$", "")));
    return kinds;
  }
}

package io.fanwise.bench.processes;

import io.fanwise.bench.processes.Echoes.Echo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/// The same cases with nothing but JVMs, sockets and a thread for each: what nobody is expected to
/// beat.
final class Floor {
  private static final double[] NOTHING = {};

  private Floor() {}

  static Figures measured(Asked asked) throws Exception {
    return switch (asked.name()) {
      case "tasks" -> tasks(asked);
      case "busy-1ms" -> busy(asked);
      case "round-trip" -> roundTrips(asked);
      case "start" -> starts(asked);
      case "array-shared", "array-captured", "array-slices" -> array(asked);
      default -> throw asked.unknown();
    };
  }

  private static Figures tasks(Asked asked) throws Exception {
    Figures figures = new Figures();
    try (Echoes echoes = Echoes.start(asked.jobs())) {
      for (int i = -asked.warmups(); i < asked.repetitions(); i++) {
        long begun = System.nanoTime();
        each(echoes, asked.size(), (echo, _) -> echo.sum(NOTHING, 0, 0));
        if (i >= 0) {
          figures.add("items/s", asked.size() * 1e9 / (System.nanoTime() - begun));
        }
      }
    }
    return figures;
  }

  /// Threads with nothing between them but a counter: what the machine leaves to whoever works.
  private static Figures busy(Asked asked) throws Exception {
    Figures figures = new Figures();
    for (int i = -asked.warmups(); i < asked.repetitions(); i++) {
      AtomicInteger next = new AtomicInteger();
      Callable<Boolean> lane =
          () -> {
            for (int number; (number = next.getAndIncrement()) < asked.size(); ) {
              Rates.spin(number);
            }
            return true;
          };
      long begun = System.nanoTime();
      allAtOnce(Collections.nCopies(asked.jobs(), lane));
      if (i >= 0) {
        figures.add("efficiency", Rates.efficiency(asked, (double) (System.nanoTime() - begun)));
      }
    }
    return figures;
  }

  private static void allAtOnce(List<Callable<Boolean>> lanes) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(lanes.size())) {
      for (Future<Boolean> lane : threads.invokeAll(lanes)) {
        lane.get();
      }
    }
  }

  private static Figures roundTrips(Asked asked) throws Exception {
    try (Echoes echoes = Echoes.start(1)) {
      Echo echo = echoes.all().getFirst();
      return RoundTrips.of(asked, () -> echo.sum(NOTHING, 0, 0) == 0);
    }
  }

  private static Figures starts(Asked asked) throws IOException {
    Figures figures = new Figures();
    for (int i = -asked.warmups(); i < asked.repetitions(); i++) {
      long begun = System.nanoTime();
      Echoes echoes = Echoes.start(asked.jobs());
      double first = (System.nanoTime() - begun) / 1e6;
      begun = System.nanoTime();
      echoes.close();
      if (i >= 0) {
        figures.add("first results ms", first);
        figures.addMillisSince(begun, "close ms");
      }
    }
    return figures;
  }

  private static Figures array(Asked asked) throws Exception {
    Figures figures = new Figures();
    double[] values = Slices.values(asked.size());
    int length = asked.size() / Slices.COUNT;
    try (Echoes echoes = Echoes.start(asked.jobs())) {
      for (String pass : List.of("first pass ms", "once more ms", "once more ms")) {
        long begun = System.nanoTime();
        List<Double> sums =
            each(
                echoes,
                Slices.COUNT,
                (echo, slice) -> echo.sum(values, slice * length, (slice + 1) * length));
        figures.addMillisSince(begun, pass);
        Slices.check(sums, values);
      }
    }
    return figures;
  }

  private interface Message {
    double send(Echo to, int number) throws IOException;
  }

  /// Whoever is free takes the next one.
  private static List<Double> each(Echoes echoes, int count, Message message) throws Exception {
    AtomicInteger next = new AtomicInteger();
    List<Double> answers = Collections.synchronizedList(new ArrayList<>());
    List<Callable<Boolean>> lanes = new ArrayList<>();
    for (Echo echo : echoes.all()) {
      lanes.add(() -> {
        for (int number; (number = next.getAndIncrement()) < count; ) {
          answers.add(message.send(echo, number));
        }
        return true;
      });
    }
    allAtOnce(lanes);
    return answers;
  }
}

package io.fanwise.bench.processes;

import io.fanwise.Fan;
import io.fanwise.bench.Numbers;
import io.fanwise.processes.Processes;
import io.fanwise.work.Task;
import java.util.List;
import java.util.stream.IntStream;

/// How many inputs workers that are warm get through in a second.
final class Rates {
  private static final long MILLISECOND = 1_000_000;

  private Rates() {}

  /// What a record that travels both ways may look like.
  private record Trade(long id, String symbol, double price, int count, boolean open) {
    static Trade of(int number) {
      return new Trade(
          number, "symbol-" + number % 100, number / 7.0, number % 13, number % 2 == 0);
    }

    Trade next() {
      return new Trade(id + 1, symbol, price * 1.01, count, !open);
    }
  }

  static Figures measured(Asked asked) {
    Fan fan = Fan.on(Processes.of(asked.jobs()));
    int size = asked.size();
    return switch (asked.name()) {
      case "tasks" -> of(asked, fan.batch(1), Numbers.boxed(size), number -> number + 1);
      case "ints" -> of(asked, fan, Numbers.boxed(size), number -> number + 1);
      case "strings" ->
          of(
              asked,
              fan,
              IntStream.range(0, size).mapToObj(number -> "input-" + number).toList(),
              text -> text + "!");
      case "records" ->
          of(asked, fan, IntStream.range(0, size).mapToObj(Trade::of).toList(), Trade::next);
      case "busy-1ms" -> of(asked, fan, Numbers.boxed(size), Rates::spin);
      default -> throw asked.unknown();
    };
  }

  /// The share of the ideal, where each input is a millisecond of work.
  static double efficiency(Asked asked, double nanos) {
    return (double) MILLISECOND * asked.size() / asked.jobs() / nanos;
  }

  /// A millisecond of work, by the clock.
  static int spin(int number) {
    long end = System.nanoTime() + MILLISECOND;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    return number + 1;
  }

  private static <T, R> Figures of(Asked asked, Fan fan, List<T> inputs, Task<T, R> task) {
    Figures figures = new Figures();
    for (int i = -asked.warmups(); i < asked.repetitions(); i++) {
      System.gc();
      long begun = System.nanoTime();
      List<R> results = fan.map(inputs, task);
      double nanos = System.nanoTime() - begun;
      check(inputs, results, task);
      if (i >= 0) {
        figures.add("items/s", asked.size() * 1e9 / nanos);
        figures.add("ns an item", nanos / asked.size());
        figures.add("efficiency", efficiency(asked, nanos));
      }
    }
    return figures;
  }

  private static <T, R> void check(List<T> inputs, List<R> results, Task<T, R> task) {
    try {
      if (results.size() != inputs.size()
          || !results.getLast().equals(task.run(inputs.getLast()))) {
        throw new IllegalStateException("wrong results, the last is " + results.getLast());
      }
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}

package io.fanwise.bench.peers;

import io.fanwise.bench.Numbers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// What a peer does when one of many tasks fails: the sixth throws after 50 ms, while the first,
/// for which an ordered result has to wait, takes three seconds and all others one.
///
/// Safe for use by many threads, apart from what the caller saw, which is the caller's own.
final class FailFast {
  private static final int SLOW = 0;
  private static final int FAILING = 5;
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private final AtomicInteger started = new AtomicInteger();
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger interrupted = new AtomicInteger();
  private final AtomicLong thrown = new AtomicLong();

  private String seen = "nothing";
  private int startedByThen;
  private int runningThen;

  private FailFast() {}

  static String measured(String name, Peer peer, int size, int jobs, int repetitions)
      throws Exception {
    Thread guard = Thread.ofPlatform().daemon().start(() -> giveUp(name));
    peer.map(Numbers.boxed(2 * jobs), input -> input); // its threads are there
    List<Double> late = new ArrayList<>();
    FailFast last = new FailFast();
    for (int i = 0; i < repetitions; i++) {
      last = new FailFast();
      late.add(last.millisUntilKnown(peer, size));
      Thread.sleep(2500); // longer than any task
    }
    guard.interrupt();
    return String.format(
        Locale.ROOT,
        "{\"case\": \"failfast\", \"peer\": \"%s\", \"n\": %d, \"jobs\": %d, \"known_after_ms\":"
            + " %s, \"interrupted\": %d, \"still_running\": %d, \"started_afterwards\": %d,"
            + " \"seen\": \"%s\"}",
        name,
        size,
        jobs,
        late,
        last.interrupted.get(),
        last.runningThen,
        last.started.get() - last.startedByThen,
        last.seen.replaceAll("[\"\\\\\n]", " "));
  }

  private double millisUntilKnown(Peer peer, int size) {
    try {
      peer.map(Numbers.boxed(size), this::run);
    } catch (Exception e) {
      seen = e.toString();
    }
    double late = (System.nanoTime() - thrown.get()) / 1e6;
    startedByThen = started.get();
    runningThen = running.get();
    return late;
  }

  private int run(int input) throws InterruptedException {
    started.incrementAndGet();
    running.incrementAndGet();
    try {
      Thread.sleep(input == SLOW ? 3000 : input == FAILING ? 50 : 1000);
      if (input == FAILING) {
        thrown.set(System.nanoTime());
        throw new IllegalStateException("no " + input);
      }
      return input;
    } catch (InterruptedException e) {
      interrupted.incrementAndGet();
      throw e;
    } finally {
      running.decrementAndGet();
    }
  }

  private static void giveUp(String name) {
    try {
      Thread.sleep(PATIENCE);
      System.out.printf(
          "{\"case\": \"failfast\", \"peer\": \"%s\", \"error\": \"the caller was not told\"}%n",
          name);
      System.exit(0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the caller was told
    }
  }
}

package io.fanwise;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanwise.work.Batch;
import io.fanwise.work.Inputs;
import io.fanwise.work.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The one queue: many put, one takes everything, and nothing is lost, doubled or waited for in
/// vain.
class ArrivalsTest {

  /// What Lincheck does in every order there is. Each thing put has a number of its own.
  public static class Queue {
    private final Arrivals arrivals = new Arrivals();

    @Operation
    public void put(int number) {
      arrivals.put(dispatch(number));
    }

    /// Only ever called by one thread at a time: the caller's.
    @Operation(nonParallelGroup = "taker")
    public List<Long> takeAll() {
      List<Long> taken = new ArrayList<>();
      for (Dispatch d = arrivals.takeAll(); d != null; d = d.earlier) {
        taken.add(d.batch().first());
      }
      return taken;
    }
  }

  @Test
  void everyInterleavingIsThatOfAQueue() {
    new ModelCheckingOptions()
        .iterations(10)
        .invocationsPerIteration(500)
        .threads(3)
        .actorsPerThread(3)
        .check(Queue.class);
  }

  @Test
  @Tag("slow")
  void manyInterleavingsAtFullSpeedAreThoseOfAQueue() {
    new StressOptions()
        .iterations(30)
        .invocationsPerIteration(5_000)
        .threads(3)
        .actorsPerThread(3)
        .check(Queue.class);
  }

  @Test
  @Timeout(120)
  void whoWaitsIsWokenByEveryArrival() throws InterruptedException {
    int producers = 3;
    int each = 100_000;
    var arrivals = new Arrivals();
    List<Thread> threads = new ArrayList<>();
    for (int p = 0; p < producers; p++) {
      int from = p * each;
      threads.add(
          Thread.ofPlatform()
              .daemon()
              .start(() -> {
                for (int i = from; i < from + each; i++) {
                  arrivals.put(dispatch(i));
                  if (i % 64 == 0) {
                    Thread.yield(); // so that the taker runs dry, and waits
                  }
                }
              }));
    }
    BitSet taken = new BitSet();

    for (int left = producers * each; left > 0; ) {
      arrivals.await(Long.MAX_VALUE);
      for (Dispatch d = arrivals.takeAll(); d != null; d = d.earlier) {
        int number = (int) d.batch().first();
        assertThat(taken.get(number)).isFalse();
        taken.set(number);
        left--;
      }
    }

    assertThat(taken.cardinality()).isEqualTo(producers * each);
    assertThat(arrivals.takeAll()).isNull();
    for (Thread thread : threads) {
      thread.join();
    }
  }

  @Test
  @Timeout(120)
  void whoWaitsIsWokenForNothingWhenAsked() throws InterruptedException {
    for (int round = 0; round < 5_000; round++) {
      var arrivals = new Arrivals();
      Thread waker = Thread.startVirtualThread(arrivals::wake);

      arrivals.await(Long.MAX_VALUE);

      waker.join();
      assertThat(arrivals.takeAll()).isNull();
    }
  }

  private static final Task<Object, Object> TASK = input -> input;
  private static final Batch.Rules RULES =
      new Batch.Rules(Duration.ZERO, Duration.ZERO, false, false);
  private static final Dispatch.Bindings NOWHERE =
      new Dispatch.Bindings(
          ScopedValue.where(ScopedValue.newInstance(), "unused"), null, dispatch -> {});

  private static Dispatch dispatch(long number) {
    Batch batch = new Batch(TASK, Inputs.of("input"), number, RULES);
    return new Dispatch(batch, new Slot(number, 1, 0), 0, 1, NOWHERE);
  }
}

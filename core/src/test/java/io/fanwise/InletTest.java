package io.fanwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.spi.Inlet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Inputs that may have nothing for now.
class InletTest {

  static Stream<Fan> fans() {
    Fan threads = Fan.threads(2);
    return Stream.of(
        Fan.sequential(),
        Fan.sequential().timeout(Duration.ofMinutes(1)),
        threads,
        threads.unordered(),
        threads.unordered().rate(Rate.perSecond(10_000)),
        threads.unordered().rate(Rate.perSecond(10_000).<Integer>per(i -> i % 2)));
  }

  /// Numbers, with a while between them.
  private static final class Slow implements Inlet<Integer> {
    private final int count;
    private long due = System.nanoTime();
    private int next;
    private int askedTooEarly;

    Slow(int count) {
      this.count = count;
    }

    @Override
    public long untilNext() {
      return Math.max(0, due - System.nanoTime());
    }

    @Override
    public boolean hasNext() {
      askedTooEarly += due - System.nanoTime() > 0 ? 1 : 0;
      return next < count;
    }

    @Override
    public Integer next() {
      due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(next % 5);
      return next++;
    }
  }

  @ParameterizedTest
  @MethodSource("fans")
  void aRunWaitsForInputsThatAreStillToCome(Fan fan) {
    Slow inputs = new Slow(50);

    List<Integer> results = fan.map(inputs, i -> i + 1);

    assertThat(results).hasSize(50).contains(1, 50);
    assertThat(inputs.askedTooEarly).isZero();
  }

  @ParameterizedTest
  @MethodSource("fans")
  void whatHasFinishedIsHandedOnMeanwhile(Fan fan) {
    List<Integer> taken = new ArrayList<>();
    Inlet<Integer> inputs =
        new Inlet<>() {
          private int next;

          @Override
          public long untilNext() {
            return taken.size() == next ? 0 : AFTER_A_RESULT;
          }

          @Override
          public boolean hasNext() {
            return next < 20;
          }

          @Override
          public Integer next() {
            return next++;
          }
        };

    try (Stream<Integer> results = fan.stream(inputs, i -> i)) {
      results.forEach(taken::add);
    }

    assertThat(taken).hasSize(20).isSorted();
  }

  @ParameterizedTest
  @MethodSource("fans")
  void aRunThatWaitsCanBeCancelled(Fan fan) throws InterruptedException {
    CountDownLatch asked = new CountDownLatch(1);
    Inlet<Integer> never =
        new Inlet<>() {
          @Override
          public long untilNext() {
            asked.countDown();
            return AFTER_A_RESULT;
          }

          @Override
          public boolean hasNext() {
            throw new AssertionError("there is nothing yet");
          }

          @Override
          public Integer next() {
            throw new AssertionError("there is nothing yet");
          }
        };

    Running<Integer> run = fan.start(never, i -> i);
    asked.await();
    run.cancel();

    assertThatThrownBy(run::join).isInstanceOf(CancellationException.class);
  }
}

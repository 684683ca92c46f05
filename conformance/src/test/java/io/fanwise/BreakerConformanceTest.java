package io.fanwise;

import static java.time.Duration.ZERO;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanwise.Fans.OnEveryBackend;
import io.fanwise.shared.Shared;
import io.fanwise.shared.SharedCounter;
import io.fanwise.work.Outcome;
import java.io.IOException;
import java.util.List;

/// A run whose service is down for a while.
class BreakerConformanceTest {

  @OnEveryBackend
  void itWaitsUntilTheServiceIsUpInsteadOfBurningAllAttempts(Fan fan) {
    SharedCounter calls = Shared.counter();
    Fan breaking = fan.breaker().retry(Retry.times(1).backoff(ZERO, ZERO));

    List<Outcome<Integer, Integer>> outcomes =
        breaking
            .outcomes(
                Range.of(0, 400),
                i -> {
                  if (calls.increment() <= 21) {
                    throw new IOException("down");
                  }
                  return i;
                })
            .toList();

    assertThat(outcomes).hasSize(400);
    assertThat(outcomes.stream().filter(Outcome.Failed.class::isInstance).count())
        .isLessThanOrEqualTo(11);
  }

  @OnEveryBackend
  void aServiceThatIsUpDoesNotNotice(Fan fan) {
    assertThat(fan.breaker().map(Range.of(0, 1_000), i -> i))
        .containsExactlyElementsOf(Range.of(0, 1_000));
  }
}

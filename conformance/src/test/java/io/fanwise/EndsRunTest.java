package io.fanwise;

import static java.time.Duration.ZERO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.Fans.OnEveryBackend;
import io.fanwise.shared.Shared;
import io.fanwise.shared.SharedMap;
import io.fanwise.work.EndsRun;
import io.fanwise.work.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What happens when an error says that others would fail too.
class EndsRunTest {

  /// An error that may be of both kinds.
  private static final class Denied extends IOException implements EndsRun {
    private static final long serialVersionUID = 1;

    private final boolean everybody;

    Denied(boolean everybody) {
      super("denied");
      this.everybody = everybody;
    }

    @Override
    public boolean endsRun() {
      return everybody;
    }
  }

  @OnEveryBackend
  void itEndsARunWhereFailuresAreOutcomes(Fan fan) {
    List<Outcome<Integer, Integer>> seen = new ArrayList<>();

    assertThatThrownBy(
            () -> {
              try (Stream<Outcome<Integer, Integer>> outcomes =
                  fan.batch(1)
                      .window(8)
                      .outcomes(
                          Range.of(0, 1_000_000),
                          i -> {
                            if (i >= 20) {
                              throw new Denied(true);
                            }
                            return i;
                          })) {
                outcomes.forEach(seen::add);
              }
            })
        .isInstanceOf(TaskFailed.class)
        .hasRootCauseMessage("denied");

    assertThat(seen)
        .hasSizeLessThanOrEqualTo(20)
        .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Outcome.Done.class));
  }

  @OnEveryBackend
  void itIsNotTriedAgain(Fan fan) {
    SharedMap<Integer, Integer> calls = Shared.map();

    assertThatThrownBy(() ->
            fan.retry(Retry.times(5).backoff(ZERO, ZERO))
                .map(
                    Range.of(0, 1),
                    i -> {
                      calls.merge(i, 1, Integer::sum);
                      throw new Denied(true);
                    }))
        .isInstanceOf(TaskFailed.class);

    assertThat(calls.get(0)).isOne();
  }

  @OnEveryBackend
  void oneThatDoesNotSaySoIsAFailureLikeAnyOther(Fan fan) {
    List<Outcome<Integer, Integer>> outcomes =
        fan.<Integer, Integer>outcomes(
                Range.of(0, 3),
                _ -> {
                  throw new Denied(false);
                })
            .toList();

    assertThat(outcomes)
        .hasSize(3)
        .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Outcome.Failed.class));
  }
}

package io.fanwise;

import io.fanwise.work.Batch;
import io.fanwise.work.Inputs;
import io.fanwise.work.Task;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/// A worker puts what it finished while the caller, who has run a batch in place, puts that and
/// takes what is there: in the end, each was taken once. Two threads only, so that two cores can
/// run it.
@JCStressTest
@Outcome(id = "3", expect = Expect.ACCEPTABLE, desc = "each was taken once")
@Outcome(expect = Expect.FORBIDDEN, desc = "one was lost, or taken twice")
@State
public class ArrivalsOfTwo {
  private static final Task<Object, Object> TASK = input -> input;
  private static final Batch.Rules RULES =
      new Batch.Rules(Duration.ZERO, Duration.ZERO, false, false);
  private static final Dispatch.Bindings NOWHERE =
      new Dispatch.Bindings(
          ScopedValue.where(ScopedValue.newInstance(), "unused"), null, dispatch -> {});

  private final Arrivals arrivals = new Arrivals();
  private final Dispatch one = dispatch(1);
  private final Dispatch two = dispatch(2);
  private int taken;

  /// For JCStress.
  public ArrivalsOfTwo() {}

  /// A worker.
  @Actor
  public void putsOne() {
    arrivals.put(one);
  }

  /// The caller.
  @Actor
  public void putsTwoAndTakes() {
    arrivals.put(two);
    take();
  }

  /// The caller, later.
  ///
  /// @param r the sum of what was taken
  @Arbiter
  public void takesTheRest(I_Result r) {
    take();
    r.r1 = taken;
  }

  private void take() {
    for (Dispatch d = arrivals.takeAll(); d != null; d = d.earlier) {
      taken += (int) d.batch().first();
    }
  }

  private static Dispatch dispatch(long number) {
    Batch batch = new Batch(TASK, Inputs.of("input"), number, RULES);
    return new Dispatch(batch, new Slot(number, 1, 0), 0, 1, NOWHERE);
  }
}

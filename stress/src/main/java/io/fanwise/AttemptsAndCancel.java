package io.fanwise;

import io.fanwise.work.Attempts;
import io.fanwise.work.Batch;
import io.fanwise.work.Inputs;
import io.fanwise.work.Task;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/// A batch is cancelled while its worker begins, runs or ends it: the result is delivered once, and
/// when the worker is done with the batch no interrupt is left or comes after it.
@JCStressTest
@Outcome(id = "false, false, 1", expect = Expect.ACCEPTABLE, desc = "delivered once, no interrupt")
@Outcome(expect = Expect.FORBIDDEN, desc = "delivered never or twice, or an interrupt leaked")
@State
public class AttemptsAndCancel {
  private static final Task<Object, Object> TASK = input -> input;
  private static final Batch.Rules RULES =
      new Batch.Rules(Duration.ZERO, Duration.ZERO, false, false);

  private final Attempts attempts =
      new Attempts(new Batch(TASK, Inputs.of("first", "second"), 0, RULES));
  private final AtomicInteger delivered = new AtomicInteger();
  private volatile boolean cancelled;

  /// For JCStress.
  public AttemptsAndCancel() {}

  /// The worker.
  ///
  /// @param r whether it found an interrupt at the end, and whether one came later
  @Actor
  public void worker(ZZI_Result r) {
    if (attempts.run("worker", null) != null) {
      delivered.incrementAndGet();
    }
    r.r1 = Thread.interrupted();
    while (!cancelled) {
      Thread.onSpinWait();
    }
    r.r2 = Thread.interrupted();
  }

  /// Whoever cancels.
  @Actor
  public void canceller() {
    if (attempts.cancel()) {
      delivered.incrementAndGet();
    }
    cancelled = true;
  }

  /// Afterwards.
  ///
  /// @param r how often the result was delivered
  @Arbiter
  public void count(ZZI_Result r) {
    r.r3 = delivered.get();
  }
}

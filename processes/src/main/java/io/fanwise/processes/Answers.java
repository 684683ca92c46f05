package io.fanwise.processes;

import io.fanwise.codec.Decoder;
import io.fanwise.codec.Input;
import io.fanwise.codec.MalformedFrame;
import io.fanwise.codec.Refused;
import io.fanwise.processes.worker.Frame;
import io.fanwise.processes.worker.Line;
import io.fanwise.work.Batch;
import io.fanwise.work.Failure;
import java.io.IOException;

/// What one worker says: that it is ready, and what came of its batches, which it brings to those
/// who asked for them. Confined to the lane's thread.
final class Answers {
  /// A result that cannot be rebuilt here.
  private static final Refused AS_FAILURE = (index, why) -> new Failure(why);

  private final ProcessPool pool;
  private final Stint stint;
  private final Line line;

  /// What an answer means for the lane.
  enum Kind {
    /// Nothing.
    NEWS,
    /// A batch is done.
    RESULT,
    /// A batch is done, and the worker is not to be trusted with anything more.
    LAST
  }

  Answers(ProcessPool pool, Stint stint, Line line) {
    this.pool = pool;
    this.stint = stint;
    this.line = line;
  }

  /// Waits for the next answer, and takes it in.
  ///
  /// @throws InitializerFailed if the worker could not begin
  /// @throws IOException if it is gone, or talks nonsense
  Kind next() throws IOException {
    int frame = line.next();
    Input in = line.content();
    switch (frame) {
      case Frame.READY -> ready(in);
      case Frame.UNKNOWN -> unknown(in);
      case Frame.RESULT -> {
        return result(in);
      }
      default -> throw new MalformedFrame("a worker sent a frame of the unknown kind " + frame);
    }
    return Kind.NEWS;
  }

  private void ready(Input in) throws IOException {
    Object error = new Decoder(in, pool.initializer().passage()).value();
    if (error instanceof Throwable thrown) {
      throw new InitializerFailed(thrown);
    }
    stint.begun();
  }

  private void unknown(Input in) throws IOException {
    Sent first = first(in.i64());
    String text = in.string();
    stint.answered(first);
    if (pool.keep(first)) {
      pool.home(first);
      first
          .call()
          .failed(
              new IllegalArgumentException("Cannot rebuild the task in the other JVM: " + text));
    }
  }

  private Kind result(Input in) throws IOException {
    Sent first = first(in.i64());
    if (!pool.keep(first)) {
      stint.answered(first);
      return Kind.NEWS;
    }
    boolean leaving = in.u8() != 0;
    Batch.Result result = first.with(result(in, first));
    stint.lasted(result.nanos());
    if (leaving) {
      stint.partedFrom();
    }
    stint.answered(first);
    pool.home(first);
    first.call().done(result);
    return leaving ? Kind.LAST : Kind.RESULT;
  }

  private Batch.Result result(Input in, Sent first) throws IOException {
    int ran = in.i32();
    if (ran < 0 || ran > first.size() || (ran == 0 && !pool.isCancelled(first))) {
      throw new MalformedFrame(ran + " results of a batch of " + first.size());
    }
    long nanos = in.i64();
    int timed = in.i32();
    if (timed != 0 && timed != ran) {
      throw new MalformedFrame(timed + " durations of " + ran + " results");
    }
    long[] each = new long[timed];
    for (int i = 0; i < timed; i++) {
      each[i] = in.i64();
    }
    Object[] results =
        Frame.allThere(new Decoder(in, first.task().passage()).values(ran, AS_FAILURE));
    int failed = 0;
    for (Object result : results) {
      if (result instanceof Failure) {
        failed++;
      }
    }
    return new Batch.Result(results, ran, failed, nanos, each, stint.name());
  }

  private Sent first(long wanted) throws MalformedFrame {
    Sent first = stint.oldest();
    if (first == null || first.number() != wanted) {
      throw new MalformedFrame("a worker answered batch " + wanted + ", which it was not sent");
    }
    return first;
  }
}

package io.fanwise;

import io.fanwise.work.Batch;
import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/// One batch that came back, for Java Flight Recorder.
@Name("io.fanwise.Batch")
@Label("Batch")
@Category("Fanwise")
@StackTrace(false)
final class BatchEvent extends Event {
  @Label("First Index")
  long first;

  @Label("Inputs")
  int inputs;

  @Label("Ran")
  int ran;

  @Label("Failed")
  int failed;

  @Label("Attempt")
  int attempt;

  @Label("Busy")
  @Timespan(Timespan.NANOSECONDS)
  long busy;

  @Label("Worker")
  String worker = "";

  static void record(Dispatch dispatch, Batch.Result result) {
    BatchEvent event = new BatchEvent();
    if (event.isEnabled()) {
      event.first = dispatch.batch().first();
      event.inputs = dispatch.batch().size();
      event.ran = result.ran();
      event.failed = result.failed();
      event.attempt = dispatch.attempt;
      event.busy = result.nanos();
      event.worker = result.worker();
      event.commit();
    }
  }
}

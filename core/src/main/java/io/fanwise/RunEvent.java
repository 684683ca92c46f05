package io.fanwise;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/// One run, for Java Flight Recorder.
@Name("io.fanwise.Run")
@Label("Run")
@Category("Fanwise")
@StackTrace(false)
final class RunEvent extends Event {
  @Label("Done")
  long done;

  @Label("Failed")
  long failed;

  @Label("Retried")
  long retried;

  @Label("Ended By")
  String error = "";
}
